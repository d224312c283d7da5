import { createWorker, readWorkerSettings, type WorkerSettings } from '../worker/index.js';
import { createClient, type IngestionClient } from './ingestion-client.js';
import { findTemporal, startDevServer, type DevServer } from './temporal-server/index.js';
import { readTemporalSettings, type TemporalSettings } from './temporal-settings.js';

export interface OwnStackOptions {
  /** Settings of the worker that differ from the environment's. */
  worker: { readonly [K in keyof WorkerSettings]?: WorkerSettings[K] | undefined };
  /** A server that is already running; default: a dev server of its own. */
  server?: TemporalSettings;
  /** Keeps workflows over restarts of its own server; default: in memory. */
  dbFile?: string;
  /** Ports its own server takes if they are free. */
  preferredPorts?: { grpc?: number; ui?: number };
  memorySecrets?: ReadonlyMap<string, string>;
  /** Gets a line when something takes long. */
  say?: (line: string) => void;
  /** Stops looking for a server, or starting one. */
  signal?: AbortSignal;
}

/** A Temporal server, a worker in this process and a client of both. */
export interface OwnStack {
  readonly client: IngestionClient;
  readonly address: string;
  readonly namespace: string;
  /** Only known for its own server. */
  readonly uiUrl: string | undefined;
  /** Rejects when the worker ends with an error. */
  readonly workerEnded: Promise<void>;
  /** Stops worker, client and server, in this order. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts what a run needs inside this process. Signals are left to the caller.
 *
 * @throws NoTemporalServerError, DatabaseFileInUseError
 */
export async function startOwnStack(options: OwnStackOptions): Promise<OwnStack> {
  const server = options.server === undefined ? await ownServer(options) : undefined;
  const settings = options.server ?? ownSettings(server);
  const cleanUp: (() => Promise<void>)[] = server === undefined ? [] : [() => server.stop()];
  try {
    const workerSettings = readWorkerSettings(process.env, options.worker);
    const client = await createClient({ settings, taskQueue: workerSettings.taskQueue });
    cleanUp.unshift(() => client.close());
    const worker = await createWorker({
      settings: workerSettings,
      handleSignals: false,
      quietRuns: true,
      ownServer: server !== undefined && options.dbFile === undefined,
      connectionOptions: settings.connectionOptions,
      namespace: settings.namespace,
      ...(options.memorySecrets === undefined ? {} : { memorySecrets: options.memorySecrets }),
    });
    const workerEnded = worker.run();
    workerEnded.catch(() => undefined);
    cleanUp.unshift(async () => {
      worker.shutdown();
      await workerEnded.catch(() => undefined);
    });
    return {
      client,
      address: settings.address,
      namespace: settings.namespace,
      uiUrl: server?.uiUrl,
      workerEnded,
      stop: () => runAll(cleanUp),
    };
  } catch (error) {
    await runAll(cleanUp);
    throw error;
  }
}

async function ownServer(options: OwnStackOptions): Promise<DevServer> {
  const { path } = await findTemporal({
    ...(options.say === undefined ? {} : { say: options.say }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  options.signal?.throwIfAborted();
  return startDevServer({
    executable: path,
    ...(options.dbFile === undefined ? {} : { dbFile: options.dbFile }),
    ...(options.preferredPorts === undefined ? {} : { preferredPorts: options.preferredPorts }),
  });
}

function ownSettings(server: DevServer | undefined): TemporalSettings {
  if (server === undefined) return readTemporalSettings();
  return {
    connectionOptions: { address: server.address },
    namespace: 'default',
    address: server.address,
    configured: true,
  };
}

async function runAll(steps: (() => Promise<void>)[]): Promise<void> {
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) await step();
}
