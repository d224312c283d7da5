import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { AuthenticationError, ForeignAnswer, PermanentError, TransientError } from '../../../src/errors/index.js';
import { fileToken, httpStatusOf } from '../../../src/openmetadata/index.js';
import { answerJson, startScriptedServer, type Script, type ScriptedServer } from './scripted-server.js';
import { errorOf, jwt, openTransport, TOKEN } from './transport-under-test.js';

const html: Script = (response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html></html>');

describe('an answer of the server', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());
  const serve = async (script: Script): Promise<ScriptedServer> => (server = await startScriptedServer(script));

  it('with an empty body is undefined', async () => {
    const { hostPort } = await serve((response) => response.writeHead(204).end());
    expect(await openTransport(hostPort).request('GET', '/x')).to.deep.equal({ status: 204, body: undefined });
  });

  it('that only keeps a parser busy is refused unread, whatever its status', async () => {
    const answers = [`{"version": ${'['.repeat(5_000_000)}`, `[${'[],'.repeat(5_000_000)}[]]`, '"a"'.padEnd(2_000)];
    const { hostPort } = await serve((response, turn) =>
      response
        .writeHead(turn === 3 ? 400 : 200, { 'content-type': 'application/json' })
        .end(answers[turn === 3 ? 0 : turn])
    );
    const transport = openTransport(hostPort);
    const refused = async (): Promise<string> =>
      (await errorOf(transport.request('GET', '/x', { mostCharacters: 20_000_000 }), PermanentError)).message;
    const said = `GET /v1/x on ${hostPort} answered`;
    expect(await refused()).to.equal(`${said} JSON that is nested too deeply (5000012 characters).`);
    expect(await refused()).to.equal(`${said} JSON of too many parts (15000004 characters).`);
    const short = transport.request('GET', '/x', { mostCharacters: 1_000 });
    expect((await errorOf(short, PermanentError)).message).to.include('far more than belongs there (2000 characters)');
    expect(await refused()).to.equal(`${said} 400`);
  });

  it("400 gives the server's message, the call and the place", async () => {
    const { hostPort } = await serve((response) =>
      answerJson(response, 400, { code: 400, message: 'columns must not be null' })
    );
    const error = await errorOf(openTransport(hostPort).request('PUT', '/tables'), PermanentError);
    expect(error.describe()).to.equal(`PUT /v1/tables on ${hostPort} answered 400: columns must not be null`);
    expect(httpStatusOf(error)).to.equal(400);
  });

  it('404 is absent only when OpenMetadata itself says so', async () => {
    const { hostPort } = await serve((response, turn) => {
      if (turn === 0) return answerJson(response, 404, { code: 404, message: 'table instance for x not found' });
      if (turn === 1) return answerJson(response, 404, { code: 404, message: 'HTTP 404 Not Found' });
      if (turn === 2) return answerJson(response, 404, { message: 'no Route matched with those values' });
      return response.writeHead(404, { 'content-type': 'text/html' }).end('<html>nginx</html>');
    });
    const get = (): Promise<unknown> => openTransport(hostPort).request('GET', '/tables/name/x', { accept: [404] });
    expect(await get()).to.have.property('status', 404);
    expect((await errorOf(get(), PermanentError)).describe()).to.include('no such endpoint');
    expect((await errorOf(get(), ForeignAnswer)).describe())
      .to.include('no Route matched')
      .and.to.include('Check that hostPort');
    expect((await errorOf(get(), ForeignAnswer)).describe()).to.include('Check that hostPort');
  });

  it('404 of any kind tells a caller that asks for an endpoint that there is none', async () => {
    const { hostPort } = await serve((response) =>
      answerJson(response, 404, { code: 404, message: 'HTTP 404 Not Found' })
    );
    const call = openTransport(hostPort).request('PUT', '/tables/bulk', { accept: [404, 405] });
    expect(await call).to.have.property('status', 404);
  });

  it('HTML points to a hostPort without /api', async () => {
    const { hostPort } = await serve(html);
    const withoutApi = hostPort.replace('/api', '/');
    const error = await errorOf(openTransport(withoutApi).request('GET', '/system/version'), ForeignAnswer);
    expect(error.describe()).to.include('an HTML page').and.to.include(`try ${hostPort}`);
    const withApi = await errorOf(openTransport(hostPort).request('GET', '/system/version'), ForeignAnswer);
    expect(withApi.describe()).to.include('no proxy or login page');
  });

  it('of another kind than JSON is named', async () => {
    const { hostPort } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'text/plain' }).end('It works')
    );
    const error = await errorOf(openTransport(hostPort).request('GET', '/x'), ForeignAnswer);
    expect(error.message).to.include('answered text/plain where JSON belongs');
  });

  it('that can not be read whole is asked for once, whatever is too much in it', async () => {
    const zeros = gzipSync(Buffer.alloc(1_000_000));
    const tooMuch: readonly (readonly [Script, string])[] = [
      [
        (response) =>
          response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(zeros),
        'answered packed (Content-Encoding: gzip)',
      ],
      [(response) => response.socket?.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`), 'more headers'],
      [
        (response) =>
          response.socket?.end(
            `HTTP/1.1 200 OK\r\n${Array.from({ length: 9_000 }, (_, i) => `h${i}: y`).join('\r\n')}`
          ),
        'more headers',
      ],
    ];
    for (const [script, said] of tooMuch) {
      const { hostPort, received, close } = await startScriptedServer(script);
      const error = await errorOf(openTransport(hostPort).request('GET', '/x'), PermanentError);
      expect(error.message).to.contain(said);
      expect(received).to.have.length(1);
      await close();
    }
  });

  it('that redirects is not followed and names the target without its query', async () => {
    const { hostPort, received } = await serve((response) =>
      response.writeHead(302, { location: 'https://sso.example.org/login?state=secret' }).end()
    );
    const error = await errorOf(openTransport(hostPort).request('GET', '/x'), PermanentError);
    expect(error.describe()).to.include('https://sso.example.org/login)').and.to.not.include('secret');
    expect(received).to.have.length(1);
  });

  it('412 asks for another reading of the entity', async () => {
    const { hostPort } = await serve((response) => answerJson(response, 412, { code: 412, message: 'changed' }));
    const error = await errorOf(openTransport(hostPort).request('PATCH', '/tables/1', { body: [] }), TransientError);
    expect(error.remedy).to.include('Read the entity again');
  });

  it('401 and 403 are refused credentials, each with its mend', async () => {
    const { hostPort } = await serve((response, turn) =>
      answerJson(response, turn === 0 ? 401 : 403, { code: 401, message: 'Not authorized!' })
    );
    const refused = await errorOf(openTransport(hostPort).request('GET', '/x'), AuthenticationError);
    expect(refused.describe()).to.include('Not authorized!').and.to.include('Settings > Bots');
    const forbidden = await errorOf(openTransport(hostPort).request('GET', '/x'), AuthenticationError);
    expect(forbidden.describe()).to.include('may not do this').and.to.include('role');
  });

  it('never brings the token into a message', async () => {
    const { hostPort } = await serve((response, _, { headers }) =>
      answerJson(response, 400, { code: 400, message: `bad header ${headers.authorization}` })
    );
    const error = await errorOf(openTransport(hostPort).request('GET', '/x'), PermanentError);
    expect(error.message).to.include('bad header').and.to.not.include(TOKEN);
    expect(JSON.stringify(error.cause instanceof Error ? error.cause.message : '')).to.not.include(TOKEN);
  });
});

describe('what is sent', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());

  it('has the token, the User-Agent, the right content type and the extra headers', async () => {
    server = await startScriptedServer((response) => answerJson(response, 200, {}));
    const transport = openTransport(`${server.hostPort}//`, { extraHeaders: { 'X-Copy': '%(Authorization)s' } });
    await transport.request('PUT', '/tables', {
      body: { a: 1, b: null, c: undefined },
      query: { q: 'x y', none: undefined },
    });
    await transport.request('PATCH', '/tables/1', { body: [{ op: 'replace', path: '/a', value: null }] });
    const [put, patch] = server.received;
    expect(put).to.include({ method: 'PUT', url: '/api/v1/tables?q=x+y', body: '{"a":1}' });
    expect(put?.headers).to.include({
      authorization: `Bearer ${TOKEN}`,
      'x-copy': `Bearer ${TOKEN}`,
      'user-agent': 'mysql_metadata (service: shop; v1.0.0)',
      'content-type': 'application/json',
    });
    expect(patch?.headers).to.include({ 'content-type': 'application/json-patch+json' });
    expect(patch?.body).to.equal('[{"op":"replace","path":"/a","value":null}]');
  });

  it('is nothing when the token has expired', async () => {
    server = await startScriptedServer((response) => answerJson(response, 200, {}));
    const transport = openTransport(server.hostPort, { token: () => Promise.resolve(jwt({ exp: 1_700_000_000 })) });
    const error = await errorOf(transport.request('GET', '/x'), AuthenticationError);
    expect(error.describe()).to.include('expired at 2023-11-14').and.to.include('Make a new bot token');
    expect(server.received).to.have.length(0);
  });

  it('is sent once more with a new token when the file with it changed, whatever the method', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    const file = join(folder, 'token');
    const [oldToken, newToken] = [jwt({ sub: 'old' }), jwt({ sub: 'new' })];
    writeFileSync(file, oldToken);
    server = await startScriptedServer((response, _, { headers }) => {
      writeFileSync(file, newToken);
      const fresh = headers.authorization === `Bearer ${newToken}`;
      answerJson(response, fresh ? 200 : 401, { code: 401, message: 'expired' });
    });
    await openTransport(server.hostPort, { token: fileToken(file) }).request('POST', '/x', { body: {} });
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([
      `Bearer ${oldToken}`,
      `Bearer ${newToken}`,
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('hostPort', () => {
  it('must be an http or https URL', () => {
    for (const bad of ['localhost:8585/api', 'ftp://host/api', 'not a url', '']) {
      expect(() => openTransport(bad), bad).to.throw(PermanentError, 'is not an http or https URL');
    }
  });

  it('with credentials is refused without showing them', () => {
    expect(() => openTransport('http://user:hunter2@host/api'))
      .to.throw(PermanentError)
      .with.property('message')
      .that.does.not.include('hunter2');
  });

  it('with an unknown host says which', async () => {
    const error = await errorOf(
      openTransport('http://no-such-host.invalid/api', { retry: { attempts: 1 } }).request('GET', '/x'),
      Error
    );
    expect(error.message).to.include('http://no-such-host.invalid/api');
  });
});
