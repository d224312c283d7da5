import { expect } from 'chai';
import { TransientError } from '../../../src/errors/index.js';
import { unclearEnd, type TransportOptions } from '../../../src/openmetadata/index.js';
import { answerJson, startScriptedServer, type Script } from './scripted-server.js';
import { openTransport } from './transport-under-test.js';

const answers =
  (code: number): Script =>
  (response) =>
    answerJson(response, code, { code, message: `server says ${code}` });

/** How a POST to such a server ended. */
async function endOf(script: Script, options: Partial<TransportOptions> = {}): Promise<string | undefined> {
  const server = await startScriptedServer(script);
  const transport = openTransport(server.hostPort, options);
  try {
    const error: unknown = await transport.request('POST', '/x', { body: {} }).catch((thrown: unknown) => thrown);
    return unclearEnd(error);
  } finally {
    await transport.close();
    await server.close();
  }
}

describe('A call that the server may have acted on', () => {
  it('was answered with an error of the server', async () => {
    for (const code of [500, 503]) expect(await endOf(answers(code))).to.equal('answered');
  });

  it('was interrupted with its connection, or with that of a proxy', async () => {
    for (const code of [502, 520]) expect(await endOf(answers(code))).to.equal('interrupted');
    expect(await endOf((response) => response.socket?.destroy())).to.equal('interrupted');
    const cut: Script = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok": tr');
    expect(await endOf(cut)).to.equal('interrupted');
  });

  it('was given up when nobody waited for the answer any longer', async () => {
    for (const code of [504, 524]) expect(await endOf(answers(code))).to.equal('given up');
    expect(await endOf(() => undefined, { readTimeoutMs: 100 })).to.equal('given up');
    expect(await endOf(() => undefined, { retry: { totalMs: 100 } })).to.equal('given up');
  });

  it('is none that was refused, told to slow down, or answered by something else', async () => {
    for (const code of [400, 401, 409, 429]) expect(await endOf(answers(code))).to.equal(undefined);
    const page: Script = (response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<html></html>');
    expect(await endOf(page)).to.equal(undefined);
    expect(unclearEnd(new Error('a bug'))).to.equal(undefined);
    expect(unclearEnd(new TransientError('a source'))).to.equal('interrupted');
  });
});
