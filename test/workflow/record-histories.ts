/**
 * Records the histories that `replay.test.ts` replays: `npm run build && node dist/test/workflow/record-histories.js
 * [name …]`. Record one anew only when a change of workflow code is meant to break runs that are under way; else add a
 * name here and record that.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Context, heartbeat } from '@temporalio/activity';
import { SEARCH_ATTRIBUTE_NAMES, attributePairs } from '../../src/workflows/search-attributes.js';
import { startTemporal } from '../services/temporal.js';
import { records, scriptedRun, type Script, type ScriptedRun } from './scripted-run.js';

const FOLDER = 'test/workflow/histories';

const untilCancelled = async (): Promise<never> => {
  const beat = setInterval(() => heartbeat(), 50);
  return Context.current().cancelled.finally(() => clearInterval(beat));
};

/** Views whose lineage is made anew, and a query log. */
const LINEAGE = {
  workflow: 'lineageWorkflow',
  plan: { lineage: { views: true, queries: true, overrideViews: true } },
} satisfies Script;

/** A profiler run with a budget. */
const PROFILER = { workflow: 'profilerWorkflow', plan: { budget: { statements: 14, seconds: 60 } } } satisfies Script;

/** Its publisher is a workflow of the service, of which one is at work at a time. */
const USAGE = { workflow: 'usageWorkflow', plan: { service: 'recorded' } } satisfies Script;

const untilCalled = async ({ calls }: ScriptedRun, name: string): Promise<void> => {
  while (!calls.includes(name)) await new Promise((resolve) => setTimeout(resolve, 20));
};

interface Recording {
  readonly script: Script;
  readonly during?: (run: ScriptedRun) => Promise<void>;
  /** Workflow ids of children whose histories are recorded as well, by the names of these. */
  readonly children?: Readonly<Record<string, string>>;
}

/** The ways a run goes, each with what makes it go that way. */
const RUNS: Readonly<Record<string, Recording>> = {
  'metadata-success': {
    script: {
      activities: () => ({ publishUnit: async () => ({ part: records('sink', 10), deferred: 1 }) }),
    },
  },
  'metadata-nothing-gone': {
    script: {
      activities: () => ({
        publishScopes: async () => ({ part: records('sink', 1), nothingGone: true }),
        publishUnit: async () => ({ part: records('sink', 10), deferred: 0, nothingGone: true }),
      }),
    },
  },
  'metadata-continued-as-new': {
    script: { activities: () => ({ listScopes: async () => ({ part: records('source', 0), units: 40 }) }) },
  },
  'metadata-throttled': {
    script: {
      activities: () => {
        let asked = 0;
        return {
          publishUnit: async () => {
            asked += 1;
            const part = records('sink', 1);
            return asked < 3 ? { part, deferred: 0, retryAfterMs: 100 } : { part, deferred: 0 };
          },
        };
      },
    },
  },
  'metadata-store-lost': {
    script: {
      storeWorker: false,
      activities: (plan) => {
        let prepared = 0;
        return {
          prepareRun: async () => {
            prepared += 1;
            const storeQueue = prepared === 1 ? plan.storeQueue : `${plan.storeQueue}-b`;
            return { ...plan, storeTimeoutMs: 400, storeQueue };
          },
        };
      },
      otherStores: (queue) => [`${queue}.store-b`],
    },
  },
  'metadata-failed-unit': {
    script: {
      activities: () => ({
        publishUnit: async () => {
          throw ApplicationFailure.create({ type: 'PermanentError', nonRetryable: true, message: 'refused' });
        },
      }),
    },
  },
  'metadata-failed-preparing': {
    script: {
      activities: () => ({
        prepareRun: async () => {
          throw ApplicationFailure.create({ type: 'AuthenticationError', nonRetryable: true, message: 'wrong token' });
        },
      }),
    },
  },
  'lineage-success': { script: LINEAGE },
  'lineage-throttled': {
    script: {
      ...LINEAGE,
      activities: () => {
        let asked = 0;
        return {
          publishLineage: async () => {
            asked += 1;
            const part = records('sink', 1);
            return asked < 3 ? { part, retryAfterMs: 100 } : { part };
          },
        };
      },
    },
  },
  'lineage-continued-as-new': {
    script: {
      ...LINEAGE,
      activities: () => ({ planWindows: async () => ({ part: records('source', 0), units: 40 }) }),
    },
  },
  'lineage-cancelled': {
    script: {
      ...LINEAGE,
      plan: { ...LINEAGE.plan, heartbeatMs: 1_000 },
      activities: () => ({ readLog: untilCancelled }),
    },
    during: async (run) => {
      while (!run.calls.includes('readLog:0')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
    },
  },
  'lineage-paused': {
    script: LINEAGE,
    during: async (run) => {
      await run.handle.signal('pause');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await run.handle.signal('resume');
    },
  },
  'profiler-success': { script: { workflow: 'profilerWorkflow' } },
  'profiler-budget': { script: PROFILER },
  'profiler-continued-as-new': {
    script: {
      ...PROFILER,
      activities: () => ({
        listProfiledTables: async () => ({ part: records('source', 0), units: 40, needs: Array<number>(40).fill(2) }),
      }),
    },
  },
  'profiler-cancelled': {
    script: {
      ...PROFILER,
      plan: { ...PROFILER.plan, heartbeatMs: 1_000 },
      activities: () => ({ profileUnit: untilCancelled }),
    },
    during: async (run) => {
      while (!run.calls.includes('profileUnit:0')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
    },
  },
  'usage-success': { script: USAGE },
  'usage-throttled': {
    children: { 'usage-publish-throttled': 'om-usage-publish-recorded' },
    script: {
      ...USAGE,
      activities: () => {
        let asked = 0;
        return {
          publishUsage: async () => {
            asked += 1;
            const part = records('sink', 1);
            return asked < 3 ? { part, retryAfterMs: 100 } : { part };
          },
        };
      },
    },
  },
  'usage-continued-as-new': {
    script: {
      ...USAGE,
      activities: () => ({ planUsageWindows: async () => ({ part: records('source', 0), units: 40 }) }),
    },
  },
  // Another run publishes first: this one waits for it.
  'usage-waited': {
    script: {
      ...USAGE,
      activities: () => {
        let sending = 0;
        return {
          publishUsage: async () => {
            sending += 1;
            if (sending === 1) await new Promise((resolve) => setTimeout(resolve, 2_000));
            return { part: records('sink', 1) };
          },
          aggregateUsage: async ({ identity }) => {
            if (identity.workflowId === 'usage-waited')
              while (sending === 0) await new Promise((resolve) => setTimeout(resolve, 20));
            return { part: records('source', 0) };
          },
        };
      },
    },
    during: async (run) => {
      await (await run.start('usage-first')).result();
    },
  },
  'usage-cancelled': {
    script: {
      ...USAGE,
      plan: { ...USAGE.plan, heartbeatMs: 1_000 },
      activities: () => ({ publishUsage: untilCancelled }),
    },
    during: async (run) => {
      await untilCalled(run, 'publishUsage');
      await run.handle.cancel();
    },
  },
  'data-quality-success': { script: { workflow: 'testSuiteWorkflow' } },
  'data-quality-throttled': {
    script: {
      workflow: 'testSuiteWorkflow',
      activities: () => {
        let asked = 0;
        return {
          publishResults: async () => {
            asked += 1;
            const part = records('sink', 1);
            return asked < 3 ? { part, retryAfterMs: 100 } : { part };
          },
        };
      },
    },
  },
  'data-quality-continued-as-new': {
    script: {
      workflow: 'testSuiteWorkflow',
      activities: () => ({ listTests: async () => ({ part: records('source', 40), units: 40 }) }),
    },
  },
  'metadata-search-attributes': { script: { plan: { searchAttributes: true } } },
  'metadata-search-attributes-failed': {
    script: {
      attributes: attributePairs({ service: 'shop', workflow: 'metadata', state: 'queued' }),
      input: { recipePath: 'shop.yaml', asOf: 'tomorrow' },
    },
  },
  // Two runs, of which one is terminated, and the dealer of the sessions that they share.
  'metadata-shared-sessions': {
    children: { 'sessions-dealt': 'om-sessions-recorded' },
    script: {
      plan: { sessions: { dealer: 'om-sessions-recorded', most: 2, each: 1, leaseMs: 1_000 } },
      activities: () => ({
        extractUnit: async ({ identity }) => {
          if (identity.workflowId === 'metadata-terminated') await untilCancelled();
          return { part: records('source', 10) };
        },
        runsOver: async ({ runs }) =>
          runs.flatMap(({ workflowId, runId }) => (workflowId === 'metadata-terminated' ? [runId] : [])),
      }),
    },
    during: async (run) => {
      const lost = await run.start('metadata-terminated');
      await untilCalled(run, 'runsOver');
      await lost.terminate();
    },
  },
  'metadata-cancelled': {
    script: { plan: { heartbeatMs: 1_000 }, activities: () => ({ extractUnit: untilCancelled }) },
    during: async (run) => {
      while (!run.calls.includes('extractUnit:0')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
    },
  },
};

async function record(name: string, handle: WorkflowHandle): Promise<void> {
  const text = JSON.stringify(JSON.parse(historyToJSON(await handle.fetchHistory())));
  // Who recorded it, and on which machine, is nobody's business.
  const anonymous = text.replaceAll(/\d+@[^"]*/g, 'recorder').replaceAll(process.cwd(), '');
  await writeFile(path.join(FOLDER, `${name}.json`), `${anonymous}\n`);
}

const wanted = process.argv.slice(2);
const temporal = await startTemporal({
  dynamicConfig: ['limit.historyCount.suggestContinueAsNew=100'],
  searchAttributes: Object.fromEntries(SEARCH_ATTRIBUTE_NAMES.map((name) => [name, 'Keyword'])),
});
try {
  await mkdir(FOLDER, { recursive: true });
  for (const [name, { script, during, children = {} }] of Object.entries(RUNS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    await scriptedRun({ ...script, address: temporal.address, workflowId: name }, async (run) => {
      await during?.(run);
      await run.handle.result().catch(() => undefined);
      await record(name, run.handle.client.getHandle(name, run.handle.firstExecutionRunId));
      for (const [as, id] of Object.entries(children)) {
        const { events } = await run.handle.client.getHandle(id).fetchHistory();
        const first = events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? undefined;
        await record(as, run.handle.client.getHandle(id, first));
      }
    });
  }
} finally {
  await temporal.stop();
}
