import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { lock, tryLock } from '../../../src/local-catalog/process-lock.js';

const MODULE = pathToFileURL(join(process.cwd(), 'dist/src/local-catalog/process-lock.js')).href;

describe('A lock between processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-lock-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is held by one at a time and names its holder', () => {
    const file = join(folder, 'one.lock');
    const held = tryLock(file);
    if (!('release' in held)) throw new Error('a free lock can be taken');
    expect(tryLock(file)).to.deep.equal({ heldBy: process.pid });
    held.release();
    const again = tryLock(file);
    expect(again).to.have.property('release');
    if ('release' in again) again.release();
  });

  it('falls to the next when its holder is killed by kill -9', async () => {
    const file = join(folder, 'two.lock');
    const holder = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `
      const { tryLock } = await import(${JSON.stringify(MODULE)});
      globalThis.held = tryLock(${JSON.stringify(file)});
      console.log('held');
      setInterval(() => globalThis.held, 1000);
    `,
    ]);
    await once(holder.stdout, 'data');
    let waitedFor: number | undefined;
    const waiting = lock(file, { onWait: (pid) => (waitedFor = pid) });
    holder.kill('SIGKILL');
    const taken = await waiting;
    expect(waitedFor).to.equal(holder.pid);
    taken.release();
  });
});
