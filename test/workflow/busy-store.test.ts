import { expect } from 'chai';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { RunReport } from '../../src/report/index.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';
import { records, reportOf, scriptedRun, type ScriptedRun } from './scripted-run.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Units that take longer than a task may wait for a slot. */
const STORE_TIMEOUT_MS = 1_000;
const UNIT_MS = 1_500;
const UNITS = 12;

describe('A staging store whose workers are busy', function () {
  this.timeout(180_000);
  let temporal: TestTemporal;
  before(async () => {
    temporal = await startTemporal({
      dynamicConfig: ['matching.PollerHistoryTTL="5s"', 'limit.historyCount.suggestContinueAsNew=60'],
    });
  });
  after(() => temporal.stop());

  it('is not taken for a lost one: two runs on one worker with two slots succeed, each prepared once', async () => {
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: UNITS }),
      extractUnit: async () => {
        await wait(UNIT_MS);
        return { part: records('source', 1) };
      },
    });
    const script = { activities, address: temporal.address, storeSlots: 2, plan: plan() };
    await scriptedRun(script, async (run) => {
      const other = await run.start(`${run.queue}-other`);
      for (const handle of [run.handle, other]) {
        expect(((await handle.result()) as RunReport).state).to.equal('success');
        expect((await handle.describe()).runId, 'continued as new').not.to.equal(handle.firstExecutionRunId);
      }
      expect(callsOf(run, 'prepareRun')).to.have.length(2);
      expect(callsOf(run, 'sayAlive')).not.to.deep.equal([]);
      for (const name of ['extractUnit', 'publishUnit']) expect(callsOf(run, name)).to.have.length(2 * UNITS);
    });
  });

  it('is waited for by the report of a run whose work is done', async () => {
    let finishing = 0;
    const activities = (): object => ({
      finishRun: async (input: never) => {
        finishing += 1;
        await wait(UNIT_MS);
        return reportOf(input);
      },
    });
    await scriptedRun({ activities, address: temporal.address, storeSlots: 1, plan: plan() }, async (run) => {
      const others = await Promise.all([1, 2].map((n) => run.start(`${run.queue}-${n}`)));
      for (const handle of [run.handle, ...others])
        expect(((await handle.result()) as RunReport).state).to.equal('success');
      expect(finishing).to.equal(3);
      expect(callsOf(run, 'failRun')).to.deep.equal([]);
      expect(callsOf(run, 'prepareRun')).to.have.length(3);
    });
  });

  it('publishes while every slot that reads is taken', async () => {
    let published: () => void;
    const publishing = new Promise<void>((resolve) => (published = resolve));
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 1 }),
      extractUnit: async () => {
        const outcome = await Promise.race([publishing, wait(20_000).then(() => 'late')]);
        if (outcome === 'late') throw ApplicationFailure.nonRetryable('nothing was published beside it');
        return { part: records('source', 1) };
      },
      publishScopes: async () => {
        published();
        return { part: records('sink', 1) };
      },
    });
    await scriptedRun({ activities, address: temporal.address, storeSlots: 1 }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
  });

  it('is asked once by lanes that wonder at the same time', async () => {
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 6 }),
      extractUnit: async () => {
        await wait(3 * STORE_TIMEOUT_MS);
        return { part: records('source', 1) };
      },
      sayAlive: () => wait(200),
    });
    const script = { activities, address: temporal.address, storeSlots: 1, plan: { ...plan(), threads: 6 } };
    await scriptedRun(script, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      // The last of six waits for five others of three time-outs each; each of them would ask for itself.
      expect(callsOf(run, 'sayAlive').length).to.be.within(5, 25);
    });
  });

  it('counts relocations over a continue-as-new: the third loss ends the run', async () => {
    let prepared = 0;
    const activities = (given: { storeQueue: string }): object => ({
      prepareRun: async () => {
        prepared += 1;
        // The first and the last are polled by nobody; the second is until the run has continued as new.
        const storeQueue = `${given.storeQueue}-${prepared}`;
        return { ...given, ...plan(), store: `store ${prepared}`, storeQueue };
      },
      listScopes: async () => ({ part: records('source', 0), units: 40 }),
    });
    const otherStores = (queue: string): string[] => [`${queue}.store-2`];
    const script = { activities, address: temporal.address, storeWorker: false, otherStores };
    await scriptedRun(script, async (run) => {
      while ((await run.handle.describe()).runId === run.handle.firstExecutionRunId) await wait(50);
      await run.stopStores();
      const error: unknown = await run.handle.result().catch((each: unknown) => each);
      expect(error).to.be.instanceOf(WorkflowFailedError);
      const failure = (error as WorkflowFailedError).cause as ApplicationFailure;
      expect(failure.message).to.include('the workers of the staging store are gone (store store 3)');
      expect(callsOf(run, 'prepareRun')).to.have.length(3);
    });
  });
});

function plan(): { storeTimeoutMs: number; threads: number } {
  return { storeTimeoutMs: STORE_TIMEOUT_MS, threads: 2 };
}

function callsOf({ calls }: ScriptedRun, name: string): string[] {
  return calls.filter((call) => call.split(':')[0] === name);
}
