import { getEventListeners } from 'node:events';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { expect } from 'chai';
import { IngestionRun } from '../../../src/client/ingestion-run.js';

describe('A run that is followed', () => {
  it('leaves no listener on the signal that would stop the following, however often it is asked', async () => {
    const signals = new Set<AbortSignal>();
    const run = runOf((signal) => {
      signals.add(signal);
      // as the SDK does for each request
      signal.addEventListener('abort', () => undefined);
    });
    const { signal } = new AbortController();
    for (let asked = 0; asked < 20; asked += 1) await run.progress({ signal });
    expect(signals.size).to.equal(20);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });

  it('ends a request that is under way when the signal comes, and asks nothing after it', async () => {
    const leaving = new AbortController();
    const seen: boolean[] = [];
    const run = runOf((signal) => {
      seen.push(signal.aborted);
      leaving.abort();
      seen.push(signal.aborted);
    });
    await run.progress({ signal: leaving.signal });
    await run.progress({ signal: leaving.signal });
    expect(seen).to.deep.equal([false, true, true, true]);
  });
});

/** A run at a server that answers nothing; `onCall` gets the signal of each call. */
function runOf(onCall: (signal: AbortSignal) => void): IngestionRun {
  const connection = {
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    withAbortSignal: (signal: AbortSignal, call: () => Promise<unknown>) => {
      onCall(signal);
      return call();
    },
  };
  const handle = { workflowId: 'run', query: () => Promise.resolve(undefined) };
  return new IngestionRun({ connection } as unknown as Client, handle as unknown as WorkflowHandle);
}
