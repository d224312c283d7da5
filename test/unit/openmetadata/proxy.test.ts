import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { IngestionError, PermanentError, TransientError } from '../../../src/errors/index.js';
import { proxyFor } from '../../../src/openmetadata/http/proxy-settings.js';
import type { TransportOptions } from '../../../src/openmetadata/index.js';
import { makeAuthority, type TestAuthority } from '../../services/certificates.js';
import { startHttpRelay, type HttpRelay } from '../../services/http-relay.js';
import { startScriptedServer, type ScriptedServer } from './scripted-server.js';
import { errorOf, openTransport } from './transport-under-test.js';

describe('A proxy to OpenMetadata', () => {
  let authority: TestAuthority;
  let secure: Server;
  let plain: ScriptedServer;
  let relay: HttpRelay;

  before(async () => {
    authority = makeAuthority();
    secure = createServer(authority.issue('om', { names: 'DNS:om.test' }), (_, response) =>
      response.end('{"by":"tls"}')
    );
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    plain = await startScriptedServer((response) => response.end('{"by":"http"}'));
    const port = Number(new URL(plain.hostPort).port);
    // no name service knows these names: what arrives has come by the proxy
    relay = await startHttpRelay({ 'om.test': (secure.address() as AddressInfo).port, 'plain.test': port });
  });
  afterEach(() => relay.refuse(undefined));
  after(async () => {
    secure.closeAllConnections();
    secure.close();
    await plain.close();
    await relay.close();
    authority.remove();
  });

  const validate = (): Partial<TransportOptions> => ({
    verifySSL: 'validate',
    sslConfig: { caCertificate: authority.ca },
  });
  const login = (): string => relay.url.replace('//', '//user:pass%40word@');

  it('is asked for a tunnel to an https address, within which the certificate is checked', async () => {
    const transport = openTransport('https://om.test/api', { ...validate(), environment: { HTTPS_PROXY: login() } });
    expect((await transport.request('GET', '/x')).body).to.deep.equal({ by: 'tls' });
    expect(relay.asked.at(-1)).to.equal('CONNECT om.test:443');
    expect(relay.login).to.equal(`Basic ${Buffer.from('user:pass@word').toString('base64')}`);
    const untrusted = openTransport('https://om.test/api', { environment: { HTTPS_PROXY: relay.url } });
    expect((await errorOf(untrusted.request('GET', '/x'), PermanentError)).message).to.include('is not trusted');
  });

  it('is asked itself for an http address, with the login of its own and bodies both ways', async () => {
    const transport = openTransport('http://plain.test/api', { environment: { HTTP_PROXY: login() } });
    const answer = await transport.request('PUT', '/x', { body: { name: 'shop' } });
    expect(answer.body).to.deep.equal({ by: 'http' });
    expect(relay.asked.at(-1)).to.equal('PUT http://plain.test/api/v1/x');
    expect(plain.received.at(-1)).to.include({ url: '/api/v1/x', body: '{"name":"shop"}' });
    expect(plain.received.at(-1)?.headers).to.not.have.property('proxy-authorization');
  });

  it('is passed by for what NO_PROXY lists', async () => {
    const before = relay.asked.length;
    for (const [hostPort, NO_PROXY] of [
      ['https://om.test/api', 'other.test, .test'],
      ['http://plain.test/api', 'plain.test:80'],
    ] as const) {
      const environment = { HTTPS_PROXY: relay.url, HTTP_PROXY: relay.url, NO_PROXY };
      const direct = openTransport(hostPort, { environment, retry: { attempts: 1 } });
      // asked directly the name is not known
      const error = await errorOf(direct.request('GET', '/x'), IngestionError);
      expect(error.message).to.include(hostPort).and.to.not.include('proxy');
    }
    expect(relay.asked.length).to.equal(before);
  });

  for (const [hostPort, variable] of [
    ['https://om.test/api', 'HTTPS_PROXY'],
    ['http://plain.test/api', 'HTTP_PROXY'],
  ] as const) {
    it(`that wants a login, refuses, or can't go on is named (${variable})`, async () => {
      const call = (): Promise<unknown> =>
        openTransport(hostPort, {
          ...validate(),
          environment: { [variable]: relay.url },
          retry: { attempts: 2 },
        }).request('GET', '/x');
      relay.refuse(407);
      const wanted = await errorOf(call(), PermanentError);
      expect(wanted.describe())
        .to.include(`${relay.url} (${variable}) asks for a login`)
        .and.to.include('user:password@');
      if (variable === 'HTTP_PROXY') return;
      relay.refuse(403);
      expect((await errorOf(call(), PermanentError)).describe())
        .to.include('refuses a tunnel')
        .and.to.include('NO_PROXY');
      const before = relay.asked.length;
      relay.refuse(503);
      expect((await errorOf(call(), TransientError)).message).to.include("can't reach https://om.test/api (503)");
      expect(relay.asked.length - before).to.equal(2);
    });
  }

  it('that is not there, or not known, is named instead of OpenMetadata', async () => {
    const options = { retry: { attempts: 1 }, environment: { HTTPS_PROXY: 'http://u:gone-hunter2@127.0.0.1:1' } };
    const gone = await errorOf(openTransport('https://om.test/api', options).request('GET', '/x'), TransientError);
    expect(gone.describe()).to.include('The proxy http://127.0.0.1:1 (HTTPS_PROXY)').and.to.include('ECONNREFUSED');
    expect(gone.describe()).to.not.include('hunter2');
  });

  it('is chosen by scheme and by names in lower case first; never for this host', () => {
    const of = (origin: string, environment: Record<string, string>): string | undefined =>
      proxyFor(origin, environment)?.origin;
    const env = { HTTP_PROXY: 'a:1', https_proxy: 'http://b:2', HTTPS_PROXY: 'http://c:3', ALL_PROXY: 'http://d:4' };
    expect(of('http://om', env)).to.equal('http://a:1');
    expect(of('https://om', env)).to.equal('http://b:2');
    expect(of('https://om', { HTTPS_PROXY: ' ', ALL_PROXY: 'http://d:4' })).to.equal('http://d:4');
    expect(of('https://om', { HTTP_PROXY: 'http://a:1' })).to.equal(undefined);
    for (const origin of ['http://localhost:8585', 'http://127.1.2.3', 'http://[::1]:80'])
      expect(of(origin, env)).to.equal(undefined);
    const excepted = (origin: string, NO_PROXY: string): boolean => of(origin, { ...env, NO_PROXY }) === undefined;
    expect(excepted('https://om.corp.test', '*')).to.equal(true);
    expect(excepted('https://om.corp.test', '*.corp.test')).to.equal(true);
    expect(excepted('https://om.corp.test', 'CORP.test')).to.equal(true);
    expect(excepted('https://om.mycorp.test', 'corp.test')).to.equal(false);
    expect(excepted('https://om.corp.test:8585', 'corp.test:443')).to.equal(false);
    expect(excepted('https://10.1.2.3', '10.0.0.0/8')).to.equal(true);
    expect(excepted('https://11.1.2.3', '10.0.0.0/8, 3')).to.equal(false);
    expect(excepted('https://[fd00::7]', 'fd00::/8')).to.equal(true);
  });

  it('that can not be used is refused by the name of its variable, not by its value', () => {
    for (const [value, found] of [
      ['socks5://u:hunter2@p:1', 'names a socks5 proxy'],
      ['http://u:hunter2@p:port', 'is not a URL'],
    ]) {
      const open = (): unknown => proxyFor('https://om', { https_proxy: value });
      expect(open).to.throw(PermanentError, `The environment variable https_proxy ${found}`);
      expect(open).to.throw().with.property('message').that.does.not.include('hunter2');
    }
  });
});
