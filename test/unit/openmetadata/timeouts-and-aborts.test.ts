import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { answerJson, startScriptedServer, type Script, type ScriptedServer } from './scripted-server.js';
import { errorOf, openTransport } from './transport-under-test.js';

const never: Script = () => undefined;

describe('a call that takes too long', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());
  const serve = async (script: Script): Promise<ScriptedServer> => (server = await startScriptedServer(script));

  it('is given up after the read timeout and repeated', async () => {
    const { hostPort, received } = await serve((response, turn) =>
      turn === 0 ? undefined : answerJson(response, 200, { turn })
    );
    const { body } = await openTransport(hostPort, { readTimeoutMs: 100 }).request('GET', '/x');
    expect(body).to.deep.equal({ turn: 1 });
    expect(received).to.have.length(2);
  });

  it('is known from its beginning to its end, each attempt by itself', async () => {
    const { hostPort } = await serve((response, turn) => (turn === 0 ? undefined : answerJson(response, 200, {})));
    const seen: string[] = [];
    const onCall = (method: string, path: string): (() => void) => {
      seen.push(`${method} ${path}`);
      return () => seen.push('end');
    };
    await openTransport(hostPort, { readTimeoutMs: 100, onCall }).request('GET', '/x');
    expect(seen).to.deep.equal(['GET /x', 'end', 'GET /x', 'end']);
  });

  it('is given up when the answer stops half-way', async () => {
    const { hostPort } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"a":')
    );
    const error = await errorOf(
      openTransport(hostPort, { readTimeoutMs: 100, retry: { attempts: 1 } }).request('GET', '/x'),
      TransientError
    );
    expect(error.message).to.include('The answer stopped half-way (UND_ERR_BODY_TIMEOUT): GET /v1/x');
  });

  it('ends with all its repeats at the deadline', async () => {
    const { hostPort } = await serve(never);
    const started = performance.now();
    const error = await errorOf(
      openTransport(hostPort, { retry: { totalMs: 150 } }).request('PUT', '/x'),
      TransientError
    );
    expect(error.message).to.include('PUT /v1/x').and.to.include('did not succeed within');
    expect(performance.now() - started).to.be.below(5_000);
  });

  it('is not repeated when it is a POST', async () => {
    const { hostPort, received } = await serve(never);
    await errorOf(openTransport(hostPort, { readTimeoutMs: 100 }).request('POST', '/x', { body: {} }), TransientError);
    expect(received).to.have.length(1);
  });
});

describe('an abort', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => server?.close());

  const abortAfter = async (script: Script, retry: { readonly baseMs?: number } = {}): Promise<number> => {
    server = await startScriptedServer(script);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('the activity was cancelled')), 50);
    const started = performance.now();
    const transport = openTransport(server.hostPort, { retry: { maxMs: 60_000, ...retry } });
    const error = await errorOf(transport.request('GET', '/x', { signal: controller.signal }), Error);
    expect(error.message).to.equal('the activity was cancelled');
    return performance.now() - started;
  };

  it('ends a call that waits for its answer', async () => {
    expect(await abortAfter(never)).to.be.below(5_000);
  });

  it('ends the wait before a repeat', async () => {
    expect(await abortAfter((response) => answerJson(response, 503, {}), { baseMs: 60_000 })).to.be.below(5_000);
  });

  it('before the call keeps it from being sent', async () => {
    server = await startScriptedServer(never);
    const call = openTransport(server.hostPort).request('GET', '/x', {
      signal: AbortSignal.abort(new Error('too late')),
    });
    expect((await errorOf(call, Error)).message).to.equal('too late');
    expect(server.received).to.have.length(0);
  });

  it("leaves no listener on the caller's signal", async () => {
    server = await startScriptedServer((response) => answerJson(response, 200, {}));
    const { signal } = new AbortController();
    const added: string[] = [];
    const removed: string[] = [];
    const watched = new Proxy(signal, {
      get: (target, name) => {
        if (name === 'addEventListener')
          return (type: string, listener: () => void) => (added.push(type), target.addEventListener(type, listener));
        if (name === 'removeEventListener')
          return (type: string, listener: () => void) => (
            removed.push(type),
            target.removeEventListener(type, listener)
          );
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await openTransport(server.hostPort).request('GET', '/x', { signal: watched });
    expect(removed).to.deep.equal(added).and.to.have.length(1);
  });
});

describe('many calls at once', () => {
  it('may share one signal without a warning of Node', async () => {
    const server = await startScriptedServer((response) => answerJson(response, 200, {}));
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): unknown => warnings.push(message);
    process.on('warning', onWarning);
    const transport = openTransport(server.hostPort);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, () => transport.request('GET', '/x', { signal })));
    // Warnings come in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    await server.close();
    expect(warnings).to.deep.equal([]);
    expect(server.received).to.have.length(50);
  });
});

describe('a closed client', () => {
  it('says so', async () => {
    const transport = openTransport('http://127.0.0.1:9/api');
    await transport.close();
    await transport.close();
    expect((await errorOf(transport.request('GET', '/x'), PermanentError)).message).to.include('The client is closed');
  });
});
