import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';

const MODULE = pathToFileURL(resolve('dist/src/worker/heap-growth.js')).href;

describe('Heap growth of a worker process', () => {
  const stderrOf = (script: string): string =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stderr;

  it('is set by a flag that the V8 of this Node.js knows', () => {
    expect(stderrOf(`import { collectSooner } from ${JSON.stringify(MODULE)}; collectSooner();`)).to.equal('');
    // What V8 does with one it does not know.
    expect(stderrOf(`import v8 from 'node:v8'; v8.setFlagsFromString('--heap-growing-per-mille=5')`)).to.not.equal('');
  });
});
