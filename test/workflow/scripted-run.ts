import { randomUUID } from 'node:crypto';
import type { SearchAttributePair } from '@temporalio/common';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  bundleWorkflowCode,
  type WorkflowBundle,
} from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.js';
import type { RunPlan } from '../../src/contract/run-plan.js';
import { storeQueues } from '../../src/contract/task-queues.js';
import {
  NO_COUNTS,
  NO_PART,
  makeReport,
  reportSteps,
  type PartReport,
  type RunReport,
} from '../../src/report/index.js';
import { WORKFLOWS_FILE } from '../../src/worker/workflow-bundle.js';
import { sharedTemporal } from '../services/temporal.js';

/** Those that a run of any kind may call, as far as they are scripted. */
export type ScriptedActivities = Partial<Activities>;

export type QuietActivities = Pick<
  Activities,
  | 'prepareRun'
  | 'listScopes'
  | 'publishScopes'
  | 'extractUnit'
  | 'publishUnit'
  | 'addForeignKeys'
  | 'markDeleted'
  | 'stageViews'
  | 'planWindows'
  | 'readLog'
  | 'parseLineage'
  | 'mergeLineage'
  | 'removeViewLineage'
  | 'publishLineage'
  | 'markViewsProcessed'
  | 'listProfiledTables'
  | 'profileUnit'
  | 'rememberProfiles'
  | 'planUsageWindows'
  | 'readUsage'
  | 'parseUsage'
  | 'aggregateUsage'
  | 'publishUsage'
  | 'listTests'
  | 'runTests'
  | 'publishResults'
  | 'finishRun'
  | 'removeStaged'
  | 'failRun'
  | 'sayAlive'
>;

/** Activities of a run of three units in which nothing happens; a test replaces what it is about. */
export function quietActivities(plan: RunPlan): QuietActivities {
  const part = NO_PART;
  return {
    prepareRun: async () => plan,
    listScopes: async () => ({ part, units: 3 }),
    publishScopes: async () => ({ part }),
    extractUnit: async () => ({ part: records('source', 10) }),
    publishUnit: async () => ({ part: records('sink', 10), deferred: 0 }),
    addForeignKeys: async () => ({ part }),
    markDeleted: async () => ({ part }),
    stageViews: async () => ({ part: records('source', 1) }),
    planWindows: async () => ({ part, units: 3 }),
    readLog: async () => ({ part: records('source', 10) }),
    parseLineage: async () => ({ part }),
    mergeLineage: async () => ({ part, units: 3 }),
    removeViewLineage: async () => ({ part }),
    publishLineage: async () => ({ part: records('sink', 10) }),
    markViewsProcessed: async () => ({ part }),
    listProfiledTables: async () => ({ part, units: 3, needs: [6, 6, 6] }),
    profileUnit: async () => ({ part: records('sink', 10), used: { statements: 6, seconds: 1 } }),
    rememberProfiles: async () => ({ part }),
    planUsageWindows: async () => ({ part, units: 3 }),
    readUsage: async () => ({ part: records('source', 10) }),
    parseUsage: async () => ({ part }),
    aggregateUsage: async () => ({ part }),
    publishUsage: async () => ({ part: records('sink', 10) }),
    listTests: async () => ({ part: records('source', 3), units: 3 }),
    runTests: async () => ({ part }),
    publishResults: async () => ({ part: records('sink', 10) }),
    finishRun: async (input) => reportOf(input),
    removeStaged: async () => undefined,
    failRun: async (input) => reportOf(input),
    sayAlive: async () => undefined,
  };
}

export function records(step: 'source' | 'sink', count: number): PartReport {
  return { ...NO_PART, steps: { [step]: { counts: { ...NO_COUNTS, records: count }, failures: [] } } };
}

export function reportOf({ identity, error, stopped }: Parameters<Activities['finishRun']>[0]): RunReport {
  return makeReport({
    workflow: `${identity.kind}Workflow`,
    service: 'shop',
    pipelineRunId: identity.pipelineRunId,
    steps: reportSteps(identity.kind, 'Mysql'),
    startedAt: identity.startedAt,
    finishedAt: identity.startedAt + 1,
    successThreshold: 90,
    raiseOnError: true,
    part: NO_PART,
    ...(error === undefined ? {} : { error }),
    ...(stopped === undefined ? {} : { stopped }),
  });
}

export interface ScriptedRun {
  readonly queue: string;
  readonly plan: RunPlan;
  readonly handle: WorkflowHandleWithFirstExecutionRunId;
  /** Names of the activities that were called, in order, units after a colon. */
  readonly calls: readonly string[];
  /** Their arguments. */
  readonly inputs: readonly unknown[];
  /** Starts another run on the same workers. */
  readonly start: (workflowId: string) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  /** Stops the workers of all stores. */
  readonly stopStores: () => Promise<void>;
}

export interface Script {
  /** Default: `metadataWorkflow`. */
  readonly workflow?: string;
  readonly activities?: (plan: RunPlan) => ScriptedActivities;
  readonly input?: unknown;
  readonly plan?: Partial<RunPlan>;
  /** Search attributes it is started with. */
  readonly attributes?: SearchAttributePair[];
  /** False: nobody polls the store's queues. */
  readonly storeWorker?: boolean;
  /** Slots of each of the store's queues. Default: 100. */
  readonly storeSlots?: number;
  /** Other stores whose queues are polled too. */
  readonly otherStores?: (queue: string) => readonly string[];
  readonly address?: string;
  readonly workflowId?: string;
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The bundle of the compiled workflows, made once a test process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS_FILE, logger: new DefaultLogger('ERROR') });
  return bundle;
}

/** Starts a workflow with scripted activities on a queue of its own, hands the run to `body`, and stops its workers. */
export async function scriptedRun<T>(script: Script, body: (run: ScriptedRun) => Promise<T>): Promise<T> {
  quietRuntime();
  const address = script.address ?? (await sharedTemporal()).address;
  const queue = `test-${randomUUID()}`;
  const plan: RunPlan = {
    service: 'shop',
    sourceType: 'mysql',
    store: 'store',
    storeQueue: `${queue}.store`,
    threads: 2,
    slots: 8,
    storeTimeoutMs: 20_000,
    heartbeatMs: 20_000,
    ...script.plan,
  };
  const calls: string[] = [];
  const inputs: unknown[] = [];
  const activities = watched({ ...quietActivities(plan), ...script.activities?.(plan) }, calls, inputs);
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const shared = { connection, activities, shutdownForceTime: '5s', maxHeartbeatThrottleInterval: '100ms' } as const;
  const stores = [...(script.storeWorker === false ? [] : [plan.storeQueue]), ...(script.otherStores?.(queue) ?? [])];
  const slots = { maxConcurrentActivityTaskExecutions: script.storeSlots ?? 100 };
  const starter = await Worker.create({ ...shared, workflowBundle: await workflowBundle(), taskQueue: queue });
  const storeWorkers = await Promise.all(
    stores
      .flatMap((store) => Object.values<string>({ ...storeQueues(store) }))
      .map((taskQueue) => Worker.create({ ...shared, ...slots, taskQueue }))
  );
  const running = new Map<Worker, Promise<void>>();
  for (const worker of [starter, ...storeWorkers]) running.set(worker, worker.run());
  const stop = async (workers: readonly Worker[]): Promise<void> => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    for (const worker of workers) await running.get(worker);
  };
  const start: ScriptedRun['start'] = (workflowId) =>
    client.workflow.start(script.workflow ?? 'metadataWorkflow', {
      taskQueue: queue,
      workflowId,
      args: script.input === NO_INPUT ? [] : [script.input ?? { recipePath: 'shop.yaml' }],
      ...(script.attributes === undefined ? {} : { typedSearchAttributes: script.attributes }),
    });
  try {
    const handle = await start(script.workflowId ?? queue);
    return await body({ queue, plan, handle, calls, inputs, start, stopStores: () => stop(storeWorkers) });
  } finally {
    await stop([starter, ...storeWorkers]);
    await connection.close();
    await client.connection.close();
  }
}

/** As when a person starts a workflow in the UI with an empty input. */
export const NO_INPUT = Symbol('no input');

function watched(
  activities: ScriptedActivities,
  calls: string[],
  inputs: unknown[]
): Record<string, (input: never) => Promise<unknown>> {
  const entries = Object.entries(activities as unknown as Record<string, (input: unknown) => Promise<unknown>>);
  return Object.fromEntries(
    entries.map(([name, activity]) => [
      name,
      (input?: { unit?: number; of?: number | 'views' }) => {
        const unit = input?.unit ?? input?.of;
        calls.push(unit === undefined ? name : `${name}:${unit}`);
        if (input !== undefined) inputs.push(input);
        return activity(input);
      },
    ])
  );
}

let quiet = false;

/** Scripted activities fail on purpose: the log of it says nothing. The runtime is one a process. */
function quietRuntime(): void {
  if (quiet) return;
  quiet = true;
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  } catch {
    // A worker of another test file made it first: its logger stays.
  }
}
