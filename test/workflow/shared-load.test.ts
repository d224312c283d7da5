import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import {
  PRESSURE_SIGNAL,
  SESSIONS_WANTED,
  type DealtSessions,
  type RunningExecution,
} from '../../src/contract/shared-load.js';
import type { RunReport } from '../../src/report/index.js';
import { sharedTemporal } from '../services/temporal.js';
import { records, scriptedRun, type Script, type ScriptedRun } from './scripted-run.js';

const UNITS = 8;

describe('Runs that share a source', function () {
  this.timeout(240_000);
  let client: Client;
  before(async () => {
    client = new Client({ connection: await Connection.connect({ address: (await sharedTemporal()).address }) });
  });
  after(() => client.connection.close());

  /** Activities of eight units, and how many of them were at work at once. */
  const busy = (
    during: () => Promise<unknown> = () => sleep(400)
  ): { script: Script; peak: () => number; dealer: string } => {
    let running = 0;
    let peak = 0;
    const dealer = `om-sessions-test-${randomUUID()}`;
    const activities: Script['activities'] = () => ({
      listScopes: async () => ({ part: records('source', 0), units: UNITS }),
      extractUnit: async () => {
        running += 1;
        peak = Math.max(peak, running);
        await during();
        running -= 1;
        return { part: records('source', 1) };
      },
    });
    const plan = { threads: 8, sessions: { dealer, most: 3, each: 1, leaseMs: 1_000 } };
    return { script: { activities, plan }, peak: () => peak, dealer };
  };
  const finished = async (...runs: readonly { result: () => Promise<unknown> }[]): Promise<void> => {
    for (const run of runs) expect(((await run.result()) as RunReport).state).to.equal('success');
  };
  const state = (dealer: string): Promise<DealtSessions> =>
    client.workflow.getHandle(dealer).query<DealtSessions>('sessions');
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50))
      if (await what().catch(() => false)) return;
    throw new Error('it did not come to that within half a minute');
  };

  it('have as many sessions at once, all together, as its limit allows', async () => {
    const { script, peak, dealer } = busy();
    await scriptedRun(script, async (run) => {
      await finished(run.handle, await run.start(`${run.queue}-other`));
      expect(peak()).to.equal(3);
      await until(async () => (await state(dealer)).held === 0);
    });
  });

  it('are not more when a run asks once more for what it was granted meanwhile', async () => {
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const { script, peak, dealer } = busy(() => held);
    await scriptedRun(script, async (run) => {
      await until(async () => (await state(dealer)).held === 3);
      const other = await run.start(`${run.queue}-other`);
      await until(async () => (await state(dealer)).waiting > UNITS - 3);
      const { workflowId, firstExecutionRunId: runId } = run.handle;
      // its wishes from the second on: the first was for the scopes
      for (const n of [2, 3, 4])
        await client.workflow.getHandle(dealer).signal(SESSIONS_WANTED, {
          ...{ permit: `${runId}/${n}`, holder: { workflowId, runId } },
          ...{ most: 3, each: 1 },
        });
      try {
        await sleep(1_000);
        expect(peak()).to.equal(3);
        expect((await state(dealer)).holders).to.deep.equal({ [workflowId]: 3 });
      } finally {
        free();
      }
      await finished(run.handle, other);
    });
  });

  it('say to each activity that reads how many it may open, and to no other', async () => {
    const { dealer } = busy();
    const told: unknown[] = [];
    const tell = (answer: object) => async (input: object) => {
      told.push('sessions' in input ? input.sessions : undefined);
      return { part: records('source', 1), ...answer };
    };
    const activities = (): object => ({
      listScopes: tell({ units: 2 }),
      extractUnit: tell({}),
      publishUnit: tell({}),
    });
    // as when another run allows 2
    const plan = { sessions: { dealer, most: 2, each: 4, least: 2, leaseMs: 1_000 } };
    await scriptedRun({ activities, plan }, async (run) => finished(run.handle));
    expect(told.sort()).to.deep.equal([2, 2, 2, undefined, undefined]);
  });

  it('take turns: a small run is not behind a big one that came first', async () => {
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const { script, dealer } = busy(() => held);
    await scriptedRun(script, async (run) => {
      await until(async () => (await state(dealer)).waiting === UNITS - 3);
      const small = await run.start(`${run.queue}-small`);
      await until(async () => (await state(dealer)).waiting > UNITS - 3);
      expect(Object.keys((await state(dealer)).holders)).to.deep.equal([run.queue]);
      free();
      await finished(run.handle, small);
      const units = await unitsInOrder(client, [run, { handle: small }], dealer);
      // of the three that come free first, at least one is the small run's
      expect(units.slice(3, 6)).to.include(small.workflowId);
    });
  });

  it('get back what a run held that was terminated, however busy its dealer is kept', async () => {
    let stuck = true;
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const { script, dealer } = busy(() => (stuck ? held : sleep(10)));
    const activities = script.activities;
    const runsOver = async ({ runs }: { readonly runs: readonly RunningExecution[] }): Promise<string[]> => {
      const over: string[] = [];
      for (const { workflowId, runId } of runs) {
        const { status } = await client.workflow.getHandle(workflowId, runId).describe();
        if (status.name !== 'RUNNING') over.push(runId);
      }
      return over;
    };
    await scriptedRun({ ...script, activities: (plan) => ({ ...activities?.(plan), runsOver }) }, async (run) => {
      await until(async () => (await state(dealer)).held === 3);
      stuck = false;
      const other = await run.start(`${run.queue}-other`);
      await run.handle.terminate('as the test wants');
      // others ask and give back more often than the dealer checks on its holders
      const dealing = client.workflow.getHandle(dealer);
      const busily = setInterval(() => void dealing.signal('sessionsDone', 'nobody/1').catch(() => undefined), 200);
      try {
        await until(async () => (await state(dealer)).holders[run.queue] === undefined);
        await finished(other);
      } finally {
        clearInterval(busily);
        free();
      }
    });
  });

  it('go on when the workflow that deals sessions out is terminated', async () => {
    const { script, dealer } = busy(() => sleep(200));
    await scriptedRun(script, async (run) => {
      await until(async () => (await state(dealer)).held === 3);
      await client.workflow.getHandle(dealer).terminate('as the test wants');
      // a later wish starts it anew
      await finished(await run.start(`${run.queue}-other`));
    });
  });

  it('slow down together when one is asked to, and leave be what is of another source', async () => {
    let beginning = 0;
    const { script } = busy(async () => {
      beginning += 1;
      await sleep(300);
    });
    const plan = { threads: 4, shared: { source: 'mysql-1', catalog: 'c' } };
    await scriptedRun({ ...script, plan }, async (run) => {
      await until(async () => beginning >= 4);
      const news = { side: 'source' as const, retryAfterMs: 1_500 };
      await run.handle.signal(PRESSURE_SIGNAL, { ...news, key: 'mysql-2', retryAfterMs: 3_600_000 });
      await run.handle.signal(PRESSURE_SIGNAL, { ...news, key: 'mysql-1' });
      const before = beginning;
      await sleep(1_000);
      expect(beginning).to.equal(before);
      await finished(run.handle);
    });
  });

  it('slow down when the catalog asks to, in what reads and publishes at once as well', async () => {
    let beginning = 0;
    const activities = (): object => ({
      listProfiledTables: async () => ({ part: records('source', 0), units: UNITS, needs: [] }),
      profileUnit: async () => {
        beginning += 1;
        await sleep(300);
        return { part: records('sink', 1), used: { statements: 1, seconds: 0 } };
      },
    });
    const plan = { threads: 4, shared: { source: 'mysql-1', catalog: 'c' } };
    await scriptedRun({ workflow: 'profilerWorkflow', activities, plan }, async (run) => {
      await until(async () => beginning >= 4);
      await run.handle.signal(PRESSURE_SIGNAL, { side: 'catalog', key: 'c', retryAfterMs: 1_500 });
      const before = beginning;
      await sleep(1_000);
      expect(beginning).to.equal(before);
      await finished(run.handle);
    });
  });
});

/** Whose wishes the dealer granted, in their order. */
async function unitsInOrder(
  client: Client,
  runs: readonly Pick<ScriptedRun, 'handle'>[],
  dealer: string
): Promise<string[]> {
  const names = new Map(runs.map(({ handle }) => [handle.firstExecutionRunId, handle.workflowId]));
  const { events } = await client.workflow.getHandle(dealer).fetchHistory();
  return (events ?? []).flatMap(({ signalExternalWorkflowExecutionInitiatedEventAttributes: granted }) => {
    const run = granted?.workflowExecution?.runId;
    return run === undefined || run === null ? [] : [names.get(run) ?? run];
  });
}
