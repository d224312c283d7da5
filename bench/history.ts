/**
 * Runs the workflows themselves on a Temporal server of their own with activities that do nothing, as many as runs of
 * the size below take, and prints what the server keeps of each run and what the worker holds.
 *
 *   node dist/bench/history.js [--units N]
 *
 * `--units` cuts every stage down to so many units, to try it out.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { findTemporal, startDevServer } from '../src/client/temporal-server/index.js';
import { KINDS, type WorkflowKind } from '../src/contract/kinds.js';
import type { RunPlan } from '../src/contract/run-plan.js';
import { storeQueues } from '../src/contract/task-queues.js';
import { workflowSource } from '../src/worker/workflow-bundle.js';
import { quietActivities } from '../test/workflow/scripted-run.js';
import { peakRss } from './peak-rss.js';

const { values } = parseArgs({ options: { units: { type: 'string' } } });

/**
 * Units of a run: how the stages themselves cut work of this size. `aSecond`: what one worker does of it on two
 * processors that it shares with source, catalog and Temporal, by this project's other benches.
 */
const RUNS: readonly {
  readonly kind: WorkflowKind;
  readonly of: string;
  readonly size: number;
  readonly aSecond: number;
  readonly units: number;
  readonly edges?: number;
}[] = [
  // a schema of 1,000 tables is a unit
  { kind: 'metadata', of: 'tables', size: 1_000_000, aSecond: 1_515, units: 1_000 },
  // a window a day of the year that Snowflake keeps, and as many chunks of merged edges as 500 MB are
  { kind: 'lineage', of: 'queries', size: 100_000_000, aSecond: 3_085, units: 365, edges: 1_000 },
  { kind: 'usage', of: 'queries', size: 100_000_000, aSecond: 3_815, units: 365 },
  // 16 tables of unknown size a unit; the rate is that of tables of 29,000 rows, and MariaDB's
  { kind: 'profiler', of: 'tables', size: 50_000, aSecond: 0.89, units: 3_125 },
];
const QUEUE = 'history';
const LANES = 16;
/** As a worker of 8 slots has them. */
const SLOTS = 8;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const folder = mkdtempSync(join(tmpdir(), 'om-history-'));
const dbFile = join(folder, 'temporal.db');
const { path } = await findTemporal({ say: (line) => process.stderr.write(`${line}\n`) });
const server = await startDevServer({ executable: path, dbFile, logFile: join(folder, 'temporal.log') });
const connection = await NativeConnection.connect({ address: server.address });
const client = new Client({ connection: await Connection.connect({ address: server.address }) });
const plan: RunPlan = {
  ...{ service: 'warehouse', sourceType: 'snowflake', store: 'store', storeQueue: `${QUEUE}.store` },
  ...{ threads: LANES, slots: SLOTS, storeTimeoutMs: 600_000, heartbeatMs: 30_000 },
  shared: {},
  loggerLevel: 'INFO',
  lineage: { views: true, queries: true, overrideViews: false },
};
let units = 0;
let edges = 0;
const quiet = quietActivities(plan);
const activities = {
  ...quiet,
  listScopes: async () => ({ ...(await quiet.listScopes({} as never)), units }),
  planWindows: async () => ({ ...(await quiet.planWindows({} as never)), units }),
  mergeLineage: async () => ({ ...(await quiet.mergeLineage({} as never)), units: edges }),
  planUsageWindows: async () => ({ ...(await quiet.planUsageWindows({} as never)), units }),
  listProfiledTables: async () => ({ ...(await quiet.listProfiledTables({} as never)), units, needs: [] }),
};
const shared = { connection, activities, maxConcurrentActivityTaskExecutions: SLOTS };
const workers = await Promise.all([
  Worker.create({ ...shared, ...workflowSource(), taskQueue: QUEUE, maxCachedWorkflows: 50 }),
  ...Object.values<string>({ ...storeQueues(plan.storeQueue) }).map((taskQueue) =>
    Worker.create({ ...shared, taskQueue })
  ),
]);
const running = workers.map((worker) => worker.run());

try {
  for (const run of RUNS) {
    units = values.units === undefined ? run.units : Math.min(run.units, Number(values.units));
    edges = Math.min(units === run.units ? (run.edges ?? 0) : units, run.edges ?? 0);
    const before = statSync(dbFile).size;
    const started = performance.now();
    const handle = await client.workflow.start(KINDS[run.kind].workflowType, {
      taskQueue: QUEUE,
      workflowId: run.kind,
      args: [{ recipePath: 'warehouse.yaml' }],
    });
    await handle.result();
    const seconds = (performance.now() - started) / 1_000;
    const { events, bytes, parts, longest } = await historyOf(run.kind);
    process.stdout.write(
      `${[
        `${run.kind}, ${run.size.toLocaleString('en')} ${run.of}: ${units} units, ${seconds.toFixed(0)} s`,
        `with work in them about ${(run.size / run.aSecond / 3_600).toFixed(1)} h by one worker (${run.aSecond} ${run.of} a second)`,
        `${events} events in ${parts} ${parts === 1 ? 'history' : 'histories'}, the longest of ${longest}`,
        `${mebibytes(bytes)} of history, ${mebibytes(statSync(dbFile).size - before)} in the server's file`,
        `worker at most ${peakRss(process.pid)} MiB`,
      ].join('; ')}\n`
    );
  }
} finally {
  for (const worker of workers) worker.shutdown();
  await Promise.all(running);
  await connection.close();
  await client.connection.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Of all executions that a run went through as it continued as new. */
async function historyOf(
  workflowId: string
): Promise<{ events: number; bytes: number; parts: number; longest: number }> {
  const sum = { events: 0, bytes: 0, parts: 0, longest: 0 };
  let runId: string | undefined;
  do {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { historyLength, historySize, raw } = await handle.describe();
    sum.events += historyLength;
    sum.bytes += historySize ?? 0;
    sum.longest = Math.max(sum.longest, historyLength);
    sum.parts += 1;
    runId = await continuedFrom(workflowId, raw.workflowExecutionInfo?.execution?.runId ?? '');
  } while (runId !== undefined);
  return sum;
}

async function continuedFrom(workflowId: string, runId: string): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [first] = history?.events ?? [];
  const before = first?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  return before === undefined || before === null || before === '' ? undefined : before;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
