import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Connection } from '@temporalio/client';
import { expect } from 'chai';
import { DatabaseFileInUseError, findTemporal, startDevServer } from '../../src/client/temporal-server/index.js';

const DOOR = pathToFileURL(join(process.cwd(), 'dist/src/client/temporal-server/index.js')).href;

describe('A Temporal dev server of ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-dev-server-'));
  let executable: string;

  before(async function () {
    this.timeout(600_000);
    executable = (await findTemporal()).path;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('starts on free ports, two at a time, and is gone after stop', async () => {
    const servers = await Promise.all([startDevServer({ executable }), startDevServer({ executable })]);
    for (const { address } of servers) await (await Connection.connect({ address })).close();
    await Promise.all(servers.map((server) => server.stop()));
    for (const { address } of servers) expect(await isListening(address)).to.equal(false);
  });

  it('refuses a database file that another one serves from, and names that process', async () => {
    const dbFile = join(folder, 'shared.db');
    const first = await startDevServer({ executable, dbFile });
    expect(statSync(dbFile).mode & 0o077, 'no one else reads it').to.equal(0);
    const refused = await startDevServer({ executable, dbFile }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(DatabaseFileInUseError);
    expect((refused as Error).message)
      .to.contain(dbFile)
      .and.to.contain(`process ${process.pid}`);
    await first.stop();
    const second = await startDevServer({ executable, dbFile });
    await second.stop();
  });

  it('comes back on the same address with the same workflows after kill -9', async () => {
    const server = await startDevServer({ executable, dbFile: join(folder, 'kept.db'), namespaces: ['kept'] });
    await server.kill();
    expect(await isListening(server.address)).to.equal(false);
    await server.start();
    const connection = await Connection.connect({ address: server.address });
    const answer = await connection.workflowService.describeNamespace({ namespace: 'kept' });
    expect(answer.namespaceInfo?.name).to.equal('kept');
    await connection.close();
    await server.stop();
  });

  it('comes back on the same address although other ports it had are taken', async () => {
    const args = join(folder, 'args');
    const teller = join(folder, 'temporal');
    writeFileSync(teller, `#!/bin/sh\necho "$@" > ${args}\nexec ${executable} "$@"\n`, { mode: 0o755 });
    const server = await startDevServer({ executable: teller, dbFile: join(folder, 'moved.db') });
    const lost = [...readFileSync(args, 'utf8').matchAll(/--(?:http|metrics)-port (\d+)/g)].map(([, port]) =>
      Number(port)
    );
    await server.kill();
    const takers = lost.map((port) => createServer().listen(port, '127.0.0.1'));
    try {
      await server.start();
      expect(lost).to.have.length(2);
      expect(await isListening(server.address)).to.equal(true);
      await server.stop();
    } finally {
      for (const taker of takers) taker.close();
    }
  });

  it('ends when the process that started it is killed by kill -9', async () => {
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `
      const { startDevServer } = await import(${JSON.stringify(DOOR)});
      const server = await startDevServer({ executable: ${JSON.stringify(executable)} });
      console.log(server.address);
    `,
    ]);
    const [text] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
    const address = text.trim();
    expect(await isListening(address)).to.equal(true);
    parent.kill('SIGKILL');
    for (let tries = 0; tries < 100 && (await isListening(address)); tries += 1) await sleep(100);
    expect(await isListening(address)).to.equal(false);
  });

  it("shows the end of the server's log when it does not come up", async () => {
    const failed = await startDevServer({ executable: '/bin/false' }).catch((error: unknown) => error);
    expect((failed as Error).message).to.match(/the Temporal server ended at once\. The end of its log/);
  });
});

function isListening(address: string): Promise<boolean> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((done) => {
    const socket = connect({ host, port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
