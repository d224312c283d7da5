import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import {
  type DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type NativeConnectionOptions,
  type WorkerInterceptors,
  type WorkerOptions,
} from '@temporalio/worker';
import { StageInterceptor, createActivities } from '../activities/index.js';
import { registerSources, type Source } from '../sources/index.js';
import { storeQueueName } from '../contract/task-queues.js';
import { awaitStore, type StorePatience } from './await-store.js';
import { environmentConverter, keysOf } from './encrypting-codec.js';
import { makeLogger, temporalLogger } from './logging.js';
import { attributesGate } from './registered-attributes.js';
import { isOver, isRunning, progressOf } from './running-runs.js';
import { openStaging } from './open-staging.js';
import { queuesOf } from './queues.js';
import { reachOf, type WorkerSettings } from './settings.js';
import { inputIsEncrypted } from './stored-input.js';
import { shutdownTimes } from './shutdown-times.js';
import { loadTemporalConfig } from './temporal-config.js';
import { sweepDaily } from './sweep-daily.js';
import { tellRuns } from './tell-runs.js';
import { openTracing } from './tracing/tracing.js';
import { measureWorker } from './worker-metrics.js';
import { untilIdle } from './until-idle.js';

/** A worker process's Temporal workers as one: the queue that runs start on, and the queues of its staging store. */
export interface IngestionWorker {
  /**
   * Takes tasks until `shutdown()` or a signal; resolves when everything in flight has ended and connections are
   * closed.
   */
  run(): Promise<void>;
  shutdown(): void;
  readonly taskQueue: string;
  readonly storeQueue: string;
}

export interface CreateWorkerOptions {
  readonly settings: WorkerSettings;
  /** A connection other than the environment's, such as the server that `--local` started. */
  readonly address?: string;
  /** The same with TLS, API key and whatever else the server requires; wins over `address`. */
  readonly connectionOptions?: NativeConnectionOptions;
  readonly namespace?: string;
  /**
   * As in the SDK; the same for clients. Default: what Temporal stores of the runs is encrypted when
   * OM_INGEST_ENCRYPTION_KEYS is set.
   */
  readonly dataConverter?: DataConverter;
  /** Additional interceptors, around this package's own. Workflow interceptors would need another bundle. */
  readonly interceptors?: Omit<WorkerInterceptors, 'workflowModules'>;
  /** Secrets of runs that were made in this process, by reference. */
  readonly memorySecrets?: ReadonlyMap<string, string>;
  /** Connectors in addition to those of this build; the whole process knows them from then on. */
  readonly sources?: readonly Source[];
  /** True when the Temporal server lives and dies with this process. Default: it does not. */
  readonly ownServer?: boolean;
  /** False when the process has a job other than being a worker and handles signals itself. Default: true. */
  readonly handleSignals?: boolean;
  /**
   * True when the process itself shows what its runs do: their lines are then logged only if their recipe asks for
   * DEBUG. Default: false.
   */
  readonly quietRuns?: boolean;
  /**
   * False when the process has a Runtime of the SDK already, or installs one itself: its logger, metrics and signals
   * then apply. There is one Runtime per process; by default the first worker installs it, with its settings. Default:
   * true.
   */
  readonly installRuntime?: boolean;
  /** How long to wait for a staging store that is away. Default: not at all. */
  readonly storePatience?: StorePatience;
}

/**
 * Connects and makes the workers.
 * @throws Error when the server can't be reached or a setting is wrong, PermanentError for a connector whose type is
 * taken
 */
export async function createWorker(options: CreateWorkerOptions): Promise<IngestionWorker> {
  const { settings, sources = [], dataConverter = environmentConverter(), interceptors } = options;
  const keys = keysOf(dataConverter);
  registerSources(sources);
  const logger = makeLogger(settings);
  // before the Runtime takes the signals: a worker that waits for its store ends by them
  const store = await awaitStore(
    () => openStaging(settings),
    options.storePatience ?? { ms: 0 },
    (line) => logger.warn(`the worker ${line}`)
  );
  if (options.installRuntime ?? true)
    installRuntime(settings, temporalLogger(logger, options.quietRuns), options.handleSignals ?? true);
  const configured = loadTemporalConfig();
  const namespace = options.namespace ?? configured.namespace ?? 'default';
  const connection = await NativeConnection.connect(
    options.connectionOptions ??
      (options.address === undefined ? configured.connectionOptions : { address: options.address })
  );
  const tracing = await openTracing(process.env, logger);
  const stopSweeping = await sweepDaily(store, settings.sweepMs, logger);

  const client = new Client({ connection, namespace, dataConverter });
  const activities = createActivities({
    store,
    recipesDir: settings.recipesDir,
    taskQueue: settings.taskQueue,
    heartbeatMs: settings.heartbeatMs,
    storeTimeoutMs: settings.storeTimeoutMs,
    slots: settings.concurrency,
    ownServer: options.ownServer ?? false,
    isRunning: (workflowId, runId) => isRunning(client, workflowId, runId),
    isOver: (execution) => isOver(client, execution),
    progressOf: (workflowId, runId) => progressOf(client, workflowId, runId),
    searchAttributesRegistered: attributesGate(client),
    ...(keys === undefined ? {} : { keys, inputIsEncrypted: (id, runId) => inputIsEncrypted(client, id, runId) }),
    ...(options.memorySecrets === undefined ? {} : { memorySecrets: options.memorySecrets }),
    ...(tracing === undefined ? {} : { onRequest: tracing.onRequest }),
  });
  const tell = tellRuns(client, settings.taskQueue);
  const storeQueue = storeQueueName(settings.taskQueue, store.id);
  // Only this process starts runs of this process.
  const reach = options.memorySecrets === undefined ? reachOf(settings) : {};
  const { cutOffMs, wrapUpMs } = shutdownTimes(settings.shutdownGraceMs);
  const shared: Omit<WorkerOptions, 'taskQueue'> = {
    connection,
    namespace,
    dataConverter,
    interceptors: {
      ...interceptors,
      activity: [
        ...(interceptors?.activity ?? []),
        ...(tracing === undefined ? [] : [tracing.interceptor]),
        () => ({
          inbound: new StageInterceptor(undefined, activities.watch, reach, tell, activities.changedSecrets, wrapUpMs),
        }),
      ],
    },
    ...deploymentOf(settings),
    shutdownGraceTime: cutOffMs,
    shutdownForceTime: settings.shutdownGraceMs + settings.shutdownForceMs,
    maxHeartbeatThrottleInterval: HEARTBEAT_MS,
    // How long a run waits for a worker that died while it had the workflow cached.
    stickyQueueScheduleToStartTimeout: Math.min(STICKY_MS, settings.heartbeatMs),
  };
  const queues = queuesOf(settings, storeQueue, activities.functions, dataConverter);
  const workers = await Promise.all(queues.map((queue) => Worker.create({ ...shared, ...queue })));
  const stopMeasuring =
    settings.metricsAddress === undefined
      ? undefined
      : measureWorker(
          client,
          namespace,
          queues.map(({ taskQueue }) => taskQueue)
        );
  logger.info({ taskQueue: settings.taskQueue, storeQueue, recipes: settings.recipesDir }, 'worker is ready');
  return {
    taskQueue: settings.taskQueue,
    storeQueue,
    shutdown: () => workers.forEach((worker) => worker.shutdown()),
    run: async () => {
      const ended = new AbortController();
      const shutdown = (): void => {
        for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      };
      if (settings.untilIdleMs !== undefined)
        untilIdle(client, settings.taskQueue, settings.untilIdleMs, logger, ended.signal).then(
          shutdown,
          () => undefined
        );
      try {
        await runTogether(workers);
      } finally {
        ended.abort();
        stopSweeping();
        stopMeasuring?.();
        // what is still open then ends with the process
        await Promise.race([activities.close(), sleep(CLOSE_MS, undefined, { ref: false })]);
        await connection.close();
        await tracing?.close();
      }
    },
  };
}

/** Queues of one version form one: what a run schedules goes to the version that it is pinned to. */
function deploymentOf({ deploymentName, buildId }: WorkerSettings): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (deploymentName === undefined || buildId === undefined) return {};
  const version = { deploymentName, buildId };
  return {
    workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: 'PINNED' },
  };
}

/**
 * When one of them ends with an error, the others are shut down as well: half a worker would take runs and never finish
 * them.
 */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      for (const other of workers) if (other.getState() === 'RUNNING') other.shutdown();
      throw error;
    })
  );
  const ends = await Promise.allSettled(runs);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/**
 * Heartbeats reach the server at most this often, milliseconds: a cancellation comes back with one. Without it the SDK
 * sends one every 80 % of the heartbeat time-out.
 */
const HEARTBEAT_MS = 2_000;

/** The SDK's own default; shorter where heartbeats are expected sooner. */
const STICKY_MS = 10_000;

/** How long connections that activities share may take to close, milliseconds: it comes after the grace. */
const CLOSE_MS = 1_000;

let installed = false;

/** The SDK has one runtime per process, which must be created before anything else; a second worker shares it. */
function installRuntime(settings: WorkerSettings, logger: DefaultLogger, handleSignals: boolean): void {
  if (installed) return;
  installed = true;
  Runtime.install({
    logger,
    ...(handleSignals ? {} : { shutdownSignals: [] }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(settings.metricsAddress === undefined
        ? {}
        : { metrics: { prometheus: { bindAddress: settings.metricsAddress } } }),
    },
  });
}
