import { expect } from 'chai';
import { CatalogBusy, PermanentError, TransientError } from '../../../src/errors/index.js';
import {
  delayBeforeRetry,
  DEFAULT_RETRY_POLICY,
  parseRetryAfter,
  type HttpMethod,
} from '../../../src/openmetadata/index.js';
import { answerJson, startScriptedServer, type Script, type ScriptedServer } from './scripted-server.js';
import { errorOf, openTransport } from './transport-under-test.js';

const OK: Script = (response) => answerJson(response, 200, { ok: true });
const firstThen =
  (first: Script, then: Script): Script =>
  (response, turn, request) =>
    (turn === 0 ? first : then)(response, turn, request);
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Script =>
  (response) =>
    answerJson(response, code, { code, message: `server says ${code}` }, headers);
/** Reads the request (and so may have acted on it), then drops the connection. */
const reset: Script = (response) => response.socket?.destroy();
const truncated: Script = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"ok": tr');
  setTimeout(() => response.socket?.destroy(), 5);
};
const brokenJson: Script = (response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok": tr');

describe('repeats of a call', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());
  const serve = async (script: Script): Promise<ScriptedServer> => (server = await startScriptedServer(script));

  for (const code of [429, 500, 502, 503, 504]) {
    it(`mend a ${code} on GET, PUT and DELETE`, async () => {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const { hostPort, received, close } = await serve(firstThen(status(code), OK));
        expect((await openTransport(hostPort).request(method, '/x')).body).to.deep.equal({ ok: true });
        expect(received).to.have.length(2);
        await close();
      }
    });
  }

  for (const [name, script] of Object.entries({ reset, truncated, brokenJson })) {
    it(`mend an answer lost by ${name} on GET, PUT and DELETE`, async () => {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const { hostPort, received, close } = await serve(firstThen(script, OK));
        expect((await openTransport(hostPort).request(method, '/x', { body: [1] })).body).to.deep.equal({ ok: true });
        expect(received.map((request) => request.body)).to.deep.equal(['[1]', '[1]']);
        await close();
      }
    });

    it(`are only made when asked whether a call arrived that adds up, and it did not: ${name}`, async () => {
      for (const arrived of [true, false]) {
        const { hostPort, received, close } = await serve(firstThen(script, OK));
        const options = { body: [1], arrived: () => Promise.resolve(arrived) };
        const { body } = await openTransport(hostPort).request('PUT', '/x', options);
        expect(body).to.deep.equal(arrived ? undefined : { ok: true });
        expect(received).to.have.length(arrived ? 1 : 2);
        await close();
      }
    });

    it(`are made for a POST and a PATCH that leave the same state when they are repeated: ${name}`, async () => {
      for (const method of ['POST', 'PATCH'] as const) {
        const { hostPort, received, close } = await serve(firstThen(script, OK));
        const { body } = await openTransport(hostPort).request(method, '/x', { body: [1], repeatable: true });
        expect(body).to.deep.equal({ ok: true });
        expect(received).to.have.length(2);
        await close();
      }
    });

    it(`are not made for POST and PATCH when the answer is lost by ${name}`, async () => {
      for (const method of ['POST', 'PATCH'] as const) {
        const { hostPort, received, close } = await serve(script);
        await errorOf(openTransport(hostPort).request(method, '/x', { body: [1] }), TransientError);
        expect(received).to.have.length(1);
        await close();
      }
    });
  }

  it('are not made for POST and PATCH on any status', async () => {
    for (const method of ['POST', 'PATCH'] as const) {
      const { hostPort, received, close } = await serve(status(503));
      await errorOf(openTransport(hostPort).request(method, '/x', { body: {} }), TransientError);
      expect(received).to.have.length(1);
      await close();
    }
  });

  it('are made for every method while nothing listens', async () => {
    const { hostPort, close } = await serve(OK);
    await close();
    for (const method of ['GET', 'POST', 'PATCH'] satisfies HttpMethod[]) {
      let tries = 0;
      const transport = openTransport(hostPort, { onRequest: () => (tries += 1) });
      const error = await errorOf(transport.request(method, '/x'), TransientError);
      expect(tries).to.equal(4);
      expect(error.describe())
        .to.include(`OpenMetadata cannot be reached at ${hostPort}`)
        .and.to.include('ECONNREFUSED');
    }
  });

  it("end after the last try with the server's own message", async () => {
    const { hostPort, received } = await serve(status(503));
    const error = await errorOf(
      openTransport(hostPort, { retry: { attempts: 3 } }).request('GET', '/x'),
      TransientError
    );
    expect(received).to.have.length(3);
    expect(error.message).to.include('503').and.to.include('server says 503');
    expect(error).to.include({ throttled: false, retryAfterMs: undefined });
  });

  it('are not made for what a repeat cannot mend', async () => {
    for (const code of [400, 404, 409, 422, 501]) {
      const { hostPort, received, close } = await serve(status(code));
      await errorOf(openTransport(hostPort).request('PUT', '/x'), PermanentError);
      expect(received, String(code)).to.have.length(1);
      await close();
    }
  });

  it('wait as long as a short Retry-After asks', async () => {
    const { hostPort, received } = await serve(firstThen(status(429, { 'retry-after': '1' }), OK));
    await openTransport(hostPort).request('GET', '/x');
    expect((received[1]?.at ?? 0) - (received[0]?.at ?? 0)).to.be.at.least(995);
  });

  it('leave a long Retry-After to the caller', async () => {
    const { hostPort, received } = await serve(status(429, { 'retry-after': '60' }));
    const error = await errorOf(openTransport(hostPort).request('GET', '/x'), TransientError);
    expect(received).to.have.length(1);
    expect(error).to.be.instanceOf(CatalogBusy).and.include({ retryAfterMs: 60_000, throttled: true });
  });

  it('tell the caller of a 503 with Retry-After that it is no throttling', async () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const { hostPort } = await serve(status(503, { 'retry-after': inAMinute }));
    const error = await errorOf(openTransport(hostPort).request('PUT', '/x'), TransientError);
    expect(error.throttled).to.equal(false);
    expect(error.retryAfterMs).to.be.within(50_000, 60_000);
  });

  it('report every try', async () => {
    const { hostPort } = await serve(firstThen(status(429), OK));
    const seen: (readonly [string, string, number])[] = [];
    await openTransport(hostPort, { onRequest: (method, path, code) => seen.push([method, path, code]) }).request(
      'GET',
      '/x'
    );
    expect(seen).to.deep.equal([
      ['GET', '/x', 429],
      ['GET', '/x', 200],
    ]);
  });
});

describe('the wait before a repeat', () => {
  const policy = { ...DEFAULT_RETRY_POLICY, random: () => 0.5 };

  it('doubles up to its longest, half of it random', () => {
    const waits = [1, 2, 3].map((attempt) => delayBeforeRetry(policy, attempt, undefined));
    expect(waits).to.deep.equal([375, 750, 1500]);
    expect(delayBeforeRetry({ ...policy, attempts: 20 }, 12, undefined)).to.equal(3750);
    expect(delayBeforeRetry(policy, 4, undefined)).to.equal(undefined);
  });

  it('is never shorter than Retry-After, and not taken above the cap', () => {
    expect(delayBeforeRetry({ ...policy, random: () => 0 }, 1, 2000)).to.equal(2000);
    expect(delayBeforeRetry(policy, 1, 10_001)).to.equal(undefined);
  });

  it('is never shorter than the usual back-off or a second, however short Retry-After is', () => {
    const patient = { ...policy, random: () => 0.999 };
    expect(delayBeforeRetry(patient, 3, 1)).to.equal(delayBeforeRetry(patient, 3, undefined));
    for (const short of ['0.001', '0.5', '1', new Date(1_000_500).toUTCString()])
      expect(parseRetryAfter(short, 999_900), short).to.equal(1_000);
  });

  it('reads Retry-After as seconds or as a date', () => {
    expect(parseRetryAfter('120', 0)).to.equal(120_000);
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 15_000)).to.equal(45_000);
    expect(parseRetryAfter('Thu, 01 Jan 1970 00:01:00 GMT', 90_000)).to.equal(undefined);
    for (const none of [undefined, '', 'soon', '0', '-5', '0.0'])
      expect(parseRetryAfter(none, Date.now())).to.equal(undefined);
  });
});
