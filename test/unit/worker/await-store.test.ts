import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { CONTINUES, FolderStore, StoreRefusal, type StagingStore } from '../../../src/staging/index.js';
import { awaitStore } from '../../../src/worker/await-store.js';

describe('A worker that starts', () => {
  let root: string;
  let asked: number;
  const lines: string[] = [];
  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'staging-'));
    asked = 0;
    lines.length = 0;
  });
  // what was still opening when a test ended may write yet
  afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  const away = new TransientError('The store s3://b answers 503.', { remedy: 'See to it.' });
  /** Opens it once it has failed so often. */
  const after = (failures: number, error: Error) => async (): Promise<StagingStore> => {
    asked += 1;
    if (asked <= failures) throw error;
    return FolderStore.open(root);
  };
  const opened = (open: () => Promise<StagingStore>, ms = 60_000, signal?: AbortSignal): Promise<unknown> =>
    awaitStore(open, { ms, pauseMs: 5, ...(signal === undefined ? {} : { signal }) }, (line) => lines.push(line)).catch(
      (error: unknown) => error
    );

  it('waits for a staging store that is away, and says for what, since when and until when', async () => {
    expect(await opened(after(2, away))).to.be.instanceOf(FolderStore);
    expect(lines).to.have.length(2);
    expect(lines[0]).to.match(
      /^waits for its staging store: The store s3:\/\/b answers 503\. See to it\. Since \S+Z, until \S+Z\.$/
    );
  });

  it('speaks of the worker where a stage would speak of its run', async () => {
    const error = new TransientError('away', { remedy: `See to it. ${CONTINUES}` });
    expect(await opened(after(1, error))).to.be.instanceOf(FolderStore);
    expect(lines[0]).to.contain('See to it. The worker then starts. Since');
    asked = 0;
    expect(await opened(after(1, error), 0)).to.have.property('remedy', 'See to it. Then start the worker again.');
  });

  it('ends by what it waits for once the time is up, or it is told to end', async () => {
    expect(await opened(after(Infinity, away), 20)).to.equal(away);
    asked = 0;
    const end = new AbortController();
    const open = after(Infinity, away);
    const waiting = opened(() => open().finally(() => asked === 2 && end.abort()), 60_000, end.signal);
    expect(await waiting).to.equal(away);
    expect(asked).to.equal(2);
    const told = new Error('told');
    expect(await opened(after(0, away), 60_000, AbortSignal.abort(told))).to.equal(told);
  });

  it('ends when it is told to although its store does not answer', async () => {
    const end = new AbortController();
    const told = new Error('told');
    setImmediate(() => end.abort(told));
    expect(await opened(() => new Promise<never>(() => undefined), 60_000, end.signal)).to.equal(told);
  });

  it('ends at once where somebody has to mend something first', async () => {
    for (const error of [new PermanentError('no bucket'), new StoreRefusal('none')]) {
      asked = 0;
      expect(await opened(after(1, error))).to.equal(error);
    }
    expect(lines).to.deep.equal([]);
  });
});
