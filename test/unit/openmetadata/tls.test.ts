import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { errorOf, openTransport } from './transport-under-test.js';

const CERTIFICATE = 'test/data/tls/localhost-cert.pem';

describe('verifySSL', () => {
  let server: Server;
  let hostPort: string;

  before(async () => {
    const key = readFileSync('test/data/tls/localhost-key.pem');
    server = createServer({ key, cert: readFileSync(CERTIFICATE) }, (_, response) => response.end('{"secure":true}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hostPort = `https://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('validate accepts a certificate of the given authority', async () => {
    const { body } = await openTransport(hostPort, { verifySSL: 'validate', caPath: CERTIFICATE }).request('GET', '/x');
    expect(body).to.deep.equal({ secure: true });
  });

  it('ignore accepts any certificate', async () => {
    expect(await openTransport(hostPort, { verifySSL: 'ignore' }).request('GET', '/x')).to.have.property('status', 200);
  });

  for (const verifySSL of ['no-ssl', 'validate'] as const) {
    it(`${verifySSL} without the authority refuses and names the mends`, async () => {
      const error = await errorOf(openTransport(hostPort, { verifySSL }).request('GET', '/x'), PermanentError);
      expect(error.describe())
        .to.include('is not trusted')
        .and.to.include('caCertificate')
        .and.to.include('verifySSL: ignore');
    });
  }

  it('validate with a CA file that is not there names the file', () => {
    expect(() => openTransport(hostPort, { verifySSL: 'validate', caPath: '/no/such/ca.pem' })).to.throw(
      PermanentError,
      '/no/such/ca.pem'
    );
  });

  it('does not matter to http, which an https port answers with a clear error', async () => {
    const error = await errorOf(
      openTransport(hostPort.replace('https', 'http'), { retry: { attempts: 1 } }).request('GET', '/x'),
      Error
    );
    expect(error.message).to.include(hostPort.replace('https', 'http'));
  });

  it('https to a port without TLS says so', async () => {
    const { startScriptedServer } = await import('./scripted-server.js');
    const plain = await startScriptedServer((response) => response.end('{}'));
    const error = await errorOf(
      openTransport(plain.hostPort.replace('http', 'https'), { retry: { attempts: 1 } }).request('GET', '/x'),
      PermanentError
    );
    expect(error.message).to.include('does not speak TLS');
    await plain.close();
  });
});
