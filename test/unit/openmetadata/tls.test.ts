import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { IngestionError, PermanentError } from '../../../src/errors/index.js';
import type { PoolOptions } from '../../../src/openmetadata/index.js';
import { makeAuthority, type Certified, type TestAuthority } from '../../services/certificates.js';
import { errorOf, openTransport } from './transport-under-test.js';

describe('TLS to OpenMetadata', () => {
  let authority: TestAuthority;
  let other: TestAuthority;
  let right: Certified;
  const servers: Server[] = [];

  before(() => {
    authority = makeAuthority();
    other = makeAuthority();
    right = authority.issue('right');
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  after(() => {
    authority.remove();
    other.remove();
  });

  async function serve(options: ServerOptions): Promise<string> {
    const server = createServer(options, (_, response) => response.end('{"secure":true}'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  }
  const validate = (sslConfig: PoolOptions['sslConfig']): PoolOptions => ({
    verifySSL: 'validate',
    ...(sslConfig === undefined ? {} : { sslConfig }),
  });
  async function refusal(hostPort: string, options: PoolOptions): Promise<string> {
    const error = await errorOf(openTransport(hostPort, options).request('GET', '/x'), PermanentError);
    return error.describe();
  }

  it('validate accepts a certificate of the given authority, which is a file or a text', async () => {
    const hostPort = await serve(right);
    for (const caCertificate of [authority.caFile, authority.ca, authority.ca.replaceAll('\n', '\\n')]) {
      const { body } = await openTransport(hostPort, validate({ caCertificate })).request('GET', '/x');
      expect(body).to.deep.equal({ secure: true });
    }
  });

  it('refuses the certificate of another authority', async () => {
    const text = await refusal(await serve(other.issue('foreign')), validate({ caCertificate: authority.caFile }));
    expect(text).to.include('is signed by none of the authorities in caCertificate');
  });

  it('refuses a certificate that has expired', async () => {
    const expired = authority.issue('expired', { valid: ['20200101000000Z', '20200102000000Z'] });
    const text = await refusal(await serve(expired), validate({ caCertificate: authority.caFile }));
    expect(text).to.include('has expired').and.to.include('Renew the certificate');
  });

  it('refuses a certificate of another host, and says whose it is', async () => {
    const elsewhere = authority.issue('elsewhere', { names: 'DNS:om.example.com,IP:10.0.0.1' });
    const text = await refusal(await serve(elsewhere), validate({ caCertificate: authority.caFile }));
    expect(text).to.include('is made for om.example.com, 10.0.0.1, not for this host');
  });

  it('no-ssl trusts the authorities of the system, and names the mends', async () => {
    const text = await refusal(await serve(right), { verifySSL: 'no-ssl' });
    expect(text).to.include("that this worker's system knows").and.to.include('sslConfig.caCertificate');
    expect(text).to.include('verifySSL: validate').and.to.include('verifySSL: ignore');
  });

  it('ignore accepts any certificate', async () => {
    const expired = other.issue('any', { names: 'DNS:x', valid: ['20200101000000Z', '20200102000000Z'] });
    const answer = await openTransport(await serve(expired), { verifySSL: 'ignore' }).request('GET', '/x');
    expect(answer.status).to.equal(200);
  });

  it('gives a client certificate to a server that asks for one, and says so when there is none', async () => {
    const hostPort = await serve({ ...right, ca: authority.ca, requestCert: true, rejectUnauthorized: true });
    const client = authority.issue('client', { usage: 'clientAuth' });
    const { certFile: sslCertificate, keyFile, key } = client;
    for (const sslKey of [keyFile, key]) {
      const options = validate({ caCertificate: authority.caFile, sslCertificate, sslKey });
      expect((await openTransport(hostPort, options).request('GET', '/x')).status).to.equal(200);
    }
    // TLS 1.2 says it in the handshake, 1.3 after it
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const asking = await serve({
        ...right,
        ca: authority.ca,
        requestCert: true,
        rejectUnauthorized: true,
        maxVersion,
      });
      const transport = openTransport(asking, { ...validate({ caCertificate: authority.ca }), retry: { attempts: 1 } });
      const error = await errorOf(transport.request('GET', '/x'), IngestionError);
      expect(error.describe())
        .to.match(/asks? for a client certificate/)
        .and.to.include('sslConfig.sslKey');
    }
  });

  it('says before the first call which certificate or key can not be used', () => {
    const { certFile, key } = right;
    const foreign = other.issue('foreign-key').key;
    const cases: [NonNullable<PoolOptions['sslConfig']>, string][] = [
      [{ caCertificate: '/no/such/ca.pem' }, 'caCertificate names the file /no/such/ca.pem'],
      [{ caCertificate: right.keyFile }, 'caCertificate holds no certificate'],
      [{ caCertificate: authority.ca.replace(/\n.{20}/, '\n') }, 'caCertificate holds a certificate that is damaged'],
      [{ sslCertificate: certFile }, 'sslConfig has sslCertificate without sslKey'],
      [{ sslKey: key }, 'sslConfig has sslKey without sslCertificate'],
      [{ sslCertificate: certFile, sslKey: foreign }, 'sslKey is not the private key of sslCertificate'],
      [{ sslCertificate: certFile, sslKey: certFile }, 'sslKey holds no private key'],
      [{ sslCertificate: certFile, sslKey: 'MHcCAQEE-a-key-without-its-first-line' }, 'sslKey is neither a PEM text'],
    ];
    for (const [sslConfig, message] of cases) {
      const open = (): unknown => openTransport('https://127.0.0.1/api', validate(sslConfig));
      expect(open).to.throw(PermanentError, message).with.property('message').that.does.not.include('MHcCAQEE');
    }
  });

  it('does not matter to http, which an https port answers with a clear error', async () => {
    const hostPort = (await serve(right)).replace('https', 'http');
    const error = await errorOf(openTransport(hostPort, { retry: { attempts: 1 } }).request('GET', '/x'), Error);
    expect(error.message).to.include(hostPort);
    expect(error).to.have.property('remedy').that.includes('hostPort: https://');
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
