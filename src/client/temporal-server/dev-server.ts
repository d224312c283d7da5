import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { freePortLike, freePorts } from './free-ports.js';
import { closeToOthers, makePrivateFolder } from '../../reach/index.js';
import { tryLock, type ProcessLock } from '../../local-catalog/index.js';

/**
 * A single-shard dev server polls its own queues 20 times a second unless told otherwise: 85 ms an activity become
 * 16–20.
 */
const DYNAMIC_CONFIG = ['history.transferProcessorMaxPollRPS=2000', 'system.enableActivityEagerExecution=true'];
/**
 * Of the database file. A write-ahead log instead of a journal takes a third off a short run's time. A killed server
 * loses nothing, a power cut the last moments.
 */
const PRAGMAS = ['journal_mode=wal', 'synchronous=normal'];
const IP = '127.0.0.1';
const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5_000;
const PORT_ATTEMPTS = 3;
const POLL_MS = 20;

export interface DevServerOptions {
  /** Path of Temporal's CLI, see `findTemporal`. */
  executable: string;
  /** File that keeps workflows over restarts; default: in memory. Refused while another server of ours has it open. */
  dbFile?: string;
  /** Ports to take when they are free; default: any free ones. */
  preferredPorts?: { grpc?: number; ui?: number };
  /** Where the server's own log goes; default: a private folder of its own, which a `stop` in good order removes. */
  logFile?: string;
  /** Names of namespaces besides `default`. */
  namespaces?: readonly string[];
  /** Search attributes to register, name → type (`Keyword`). */
  searchAttributes?: Readonly<Record<string, string>>;
  /** Further dynamic config values, `name=value`. */
  dynamicConfig?: readonly string[];
}

/** Thrown when another process of ours serves from the same database file: Temporal itself would start and spoil it. */
export class DatabaseFileInUseError extends Error {
  override readonly name = 'DatabaseFileInUseError';
  constructor(
    readonly file: string,
    readonly pid: number | undefined
  ) {
    super(
      `${file} is used by another Temporal server (process ${pid ?? 'unknown'}). Stop that one first, or name another file.`
    );
  }
}

/** A Temporal dev server that this process started. */
export interface DevServer {
  /** `127.0.0.1:PORT`, for TEMPORAL_ADDRESS. */
  readonly address: string;
  /** `http://127.0.0.1:PORT` */
  readonly uiUrl: string;
  readonly pid: number;
  readonly logFile: string;
  /** Asks the server to stop and waits for it; kills it after five seconds. May be called twice. */
  stop(): Promise<void>;
  /** `kill -9`, for tests of what a crash costs. */
  kill(): Promise<void>;
  /** Starts it again on the same addresses and database file after `stop` or `kill`. */
  start(): Promise<void>;
}

interface Ports {
  grpc: number;
  ui: number;
}

/**
 * Starts a dev server and waits until it serves.
 *
 * @throws DatabaseFileInUseError; Error with the end of the server's log when it does not come up within 30 s.
 */
export function startDevServer(options: DevServerOptions): Promise<DevServer> {
  return againWhenPortsAreTaken(async () => {
    const server = new OwnDevServer(options, await choosePorts(options.preferredPorts));
    await server.startOnce();
    return server;
  });
}

/**
 * Between choosing a port and the server's listening on it, another process may take it: that calls for other ports.
 */
async function againWhenPortsAreTaken<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('address already in use');
      if (!portTaken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function choosePorts(preferred: DevServerOptions['preferredPorts']): Promise<Ports> {
  const [grpc = 0, ui = 0] = await freePorts(2, IP);
  return {
    grpc: preferred?.grpc === undefined ? grpc : await freePortLike(preferred.grpc, IP),
    ui: preferred?.ui === undefined ? ui : await freePortLike(preferred.ui, IP),
  };
}

/**
 * What is started makes its files for this user alone: the server takes an empty database file for one that has its
 * tables, so none is made for it.
 */
function forThisUser<T>(start: () => T): T {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

class OwnDevServer implements DevServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly logFile: string;
  readonly #logFolder: string | undefined;
  readonly #options: DevServerOptions;
  readonly #ports: Ports;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #watchdog: ChildProcess | undefined;
  #fileLock: ProcessLock | undefined;
  /** Its log is of no use to anybody once it was stopped: errors quote what they need of it. */
  #served = false;

  constructor(options: DevServerOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
    this.address = `${IP}:${ports.grpc}`;
    this.uiUrl = `http://${IP}:${ports.ui}`;
    // made for this user alone: under a name that others could guess, their file would be in the way
    this.#logFolder = options.logFile === undefined ? mkdtempSync(join(tmpdir(), 'om-ingest-temporal-')) : undefined;
    this.logFile = options.logFile ?? join(this.#logFolder ?? '', 'temporal.log');
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  start(): Promise<void> {
    return againWhenPortsAreTaken(() => this.startOnce());
  }

  async startOnce(): Promise<void> {
    // nobody keeps the addresses of these two: they need not be the same after a stop
    const [http = 0, metrics = 0] = await freePorts(2, IP);
    if (this.#child !== undefined) return;
    this.#lockFile();
    if (this.#logFolder !== undefined) mkdirSync(this.#logFolder, { recursive: true, mode: 0o700 });
    const log = openSync(this.logFile, 'w', 0o600);
    // a group of its own, so that Ctrl-C reaches this process alone, which then stops the server in good order
    const child = forThisUser(() =>
      spawn(this.#options.executable, this.#arguments(http, metrics), {
        stdio: ['ignore', log, log],
        detached: true,
      })
    );
    closeSync(log);
    this.#child = child;
    this.#exited = new Promise((done) => {
      child.once('error', () => done());
      child.once('exit', () => done());
    });
    void this.#exited.then(() => this.#forget(child));
    if (child.pid !== undefined) this.#watchdog = watchOver(child.pid);
    try {
      this.#served = false;
      await this.#untilServing(child);
      this.#served = true;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    // a server in memory has nothing to save: its good order would cost a second
    child.kill(this.#options.dbFile === undefined ? 'SIGKILL' : 'SIGTERM');
    const exited = this.#exited.then(() => true);
    const patience = new AbortController();
    const late = sleep(STOP_GRACE_MS, false, { signal: patience.signal }).catch(() => false);
    if (!(await Promise.race([exited, late]))) child.kill('SIGKILL');
    patience.abort();
    await this.#exited;
    if (this.#served && this.#logFolder !== undefined) rmSync(this.#logFolder, { recursive: true, force: true });
  }

  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  #arguments(http: number, metrics: number): string[] {
    const { dbFile, namespaces = [], searchAttributes = {} } = this.#options;
    const { grpc, ui } = this.#ports;
    return [
      ...['server', 'start-dev', '--ip', IP, '--port', `${grpc}`, '--ui-port', `${ui}`],
      ...['--http-port', `${http}`, '--metrics-port', `${metrics}`, '--log-level', 'warn'],
      ...[...DYNAMIC_CONFIG, ...(this.#options.dynamicConfig ?? [])].flatMap((setting) => [
        '--dynamic-config-value',
        setting,
      ]),
      ...namespaces.flatMap((namespace) => ['--namespace', namespace]),
      ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
      ...(dbFile === undefined
        ? []
        : ['--db-filename', resolve(dbFile), ...PRAGMAS.flatMap((pragma) => ['--sqlite-pragma', pragma])]),
    ];
  }

  #lockFile(): void {
    const { dbFile } = this.#options;
    if (dbFile === undefined) return;
    const file = resolve(dbFile);
    makePrivateFolder(dirname(file));
    closeToOthers(file);
    const outcome = tryLock(`${file}.lock`);
    if (!('release' in outcome)) throw new DatabaseFileInUseError(file, outcome.heldBy);
    this.#fileLock = outcome;
  }

  #forget(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#watchdog?.kill('SIGKILL');
    this.#watchdog = undefined;
    this.#fileLock?.release();
    this.#fileLock = undefined;
  }

  async #untilServing(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline) {
      if (this.#child !== child) throw this.#failure('ended at once');
      if (await isServing(this.address)) return;
      await sleep(POLL_MS);
    }
    throw this.#failure(`does not serve at ${this.address} after ${START_TIMEOUT_MS / 1000} s`);
  }

  #failure(what: string): Error {
    const log = readFileSync(this.logFile, 'utf8').trim().split('\n').slice(-5).join('\n');
    return new Error(`the Temporal server ${what}. The end of its log (${this.logFile}):\n${log}`);
  }
}

/** Ends the server when this process ends without having stopped it, `kill -9` included: its pipe closes then. */
function watchOver(pid: number): ChildProcess {
  const script = 'read -r _; kill -TERM "$0" 2>/dev/null';
  const watchdog = spawn('sh', ['-c', script, `${pid}`], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watchdog.on('error', () => undefined);
  watchdog.unref();
  return watchdog;
}

async function isServing(address: string): Promise<boolean> {
  // gRPC waits a second before it tries a refused address again: don't give it one
  if (!(await isListening(address))) return false;
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: '1s' });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => done(true)).once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });
}
