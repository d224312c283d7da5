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

/** The activities that metadataWorkflow calls. */
export type MetadataActivities = Pick<
  Activities,
  | 'prepareRun'
  | 'listScopes'
  | 'publishScopes'
  | 'extractUnit'
  | 'publishUnit'
  | 'addForeignKeys'
  | 'markDeleted'
  | 'finishRun'
  | 'removeStaged'
  | 'failRun'
>;

/** Activities of a run of three units in which nothing happens; a test replaces what it is about. */
export function quietActivities(plan: RunPlan): MetadataActivities {
  const part = NO_PART;
  return {
    prepareRun: async () => plan,
    listScopes: async () => ({ part, units: 3 }),
    publishScopes: async () => ({ part }),
    extractUnit: async () => ({ part: records('source', 10) }),
    publishUnit: async () => ({ part: records('sink', 10), deferred: 0 }),
    addForeignKeys: async () => ({ part }),
    markDeleted: async () => ({ part }),
    finishRun: async (input) => reportOf(input),
    removeStaged: async () => undefined,
    failRun: async (input) => reportOf(input),
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
  /** Names of the activities that were called, in order, units behind a colon. */
  readonly calls: readonly string[];
  /** Their arguments. */
  readonly inputs: readonly unknown[];
}

export interface Script {
  readonly activities?: (plan: RunPlan) => Partial<MetadataActivities>;
  readonly input?: unknown;
  readonly plan?: Partial<RunPlan>;
  /** Search attributes it is started with. */
  readonly attributes?: SearchAttributePair[];
  /** False: nobody polls the store's queue. */
  readonly storeWorker?: boolean;
  /** Queues polled besides. */
  readonly otherQueues?: (queue: string) => readonly string[];
  readonly address?: string;
  readonly workflowId?: string;
}

let bundle: Promise<WorkflowBundle> | undefined;

/** The bundle of the compiled workflows, made once a test process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({ workflowsPath: WORKFLOWS_FILE, logger: new DefaultLogger('ERROR') });
  return bundle;
}

/** Starts metadataWorkflow with scripted activities on a queue of its own, hands the run to `body`, and stops its workers. */
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
    storeTimeoutMs: 20_000,
    heartbeatMs: 20_000,
    ...script.plan,
  };
  const calls: string[] = [];
  const inputs: unknown[] = [];
  const activities = watched({ ...quietActivities(plan), ...script.activities?.(plan) }, calls, inputs);
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const shared = { connection, activities, shutdownForceTime: '5s' } as const;
  const storeQueues = [
    ...(script.storeWorker === false ? [] : [plan.storeQueue]),
    ...(script.otherQueues?.(queue) ?? []),
  ];
  const workers = await Promise.all([
    Worker.create({ ...shared, workflowBundle: await workflowBundle(), taskQueue: queue }),
    ...storeQueues.map((taskQueue) => Worker.create({ ...shared, taskQueue })),
  ]);
  const running = workers.map((worker) => worker.run());
  try {
    const handle = await client.workflow.start('metadataWorkflow', {
      taskQueue: queue,
      workflowId: script.workflowId ?? queue,
      args: script.input === NO_INPUT ? [] : [script.input ?? { recipePath: 'shop.yaml' }],
      ...(script.attributes === undefined ? {} : { typedSearchAttributes: script.attributes }),
    });
    return await body({ queue, plan, handle, calls, inputs });
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await connection.close();
    await client.connection.close();
  }
}

/** As when a person starts a workflow in the UI with an empty input. */
export const NO_INPUT = Symbol('no input');

function watched(
  activities: MetadataActivities,
  calls: string[],
  inputs: unknown[]
): Record<string, (input: never) => Promise<unknown>> {
  const entries = Object.entries(activities as unknown as Record<string, (input: unknown) => Promise<unknown>>);
  return Object.fromEntries(
    entries.map(([name, activity]) => [
      name,
      (input: { unit?: number }) => {
        calls.push(input.unit === undefined ? name : `${name}:${input.unit}`);
        inputs.push(input);
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
