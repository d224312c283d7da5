import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortLike, freePorts } from './free-ports.js';
import { isServing } from './is-serving.js';
import { watchOver } from './watch-over.js';
import { closeToOthers, makePrivateFolder } from '../../reach/index.js';
import { tryLock, type ProcessLock } from '../../local-catalog/index.js';

/**
 * By default a single-shard dev server polls its own queues 20 times a second; with this an activity takes 16–20 ms
 * instead of 85.
 */
const DYNAMIC_CONFIG = ['history.transferProcessorMaxPollRPS=2000', 'system.enableActivityEagerExecution=true'];
/**
 * For the database file. A write-ahead log instead of a journal makes a short run a third faster. A killed server loses
 * nothing, a power cut the last moments.
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
  /** File that keeps workflows over restarts; default: in memory. Refused while another of our servers has it open. */
  dbFile?: string;
  /** Ports to take if they are free; default: any free ones. */
  preferredPorts?: { grpc?: number; ui?: number };
  /** Where the server's own log goes; default: a private folder, which an orderly `stop` removes. */
  logFile?: string;
  /** Names of namespaces besides `default`. */
  namespaces?: readonly string[];
  /** Search attributes to register, name → type (`Keyword`). */
  searchAttributes?: Readonly<Record<string, string>>;
  /** More dynamic config values, `name=value`. */
  dynamicConfig?: readonly string[];
}

/**
 * Thrown when another of our processes serves from the same database file: Temporal itself would start, and corrupt it.
 */
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
  /** Tells the server to stop and waits for it; kills it after five seconds. May be called twice. */
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
 * Starts a dev server and waits until it is ready.
 *
 * @throws DatabaseFileInUseError; Error with the end of the server's log when it isn't ready within 30 s.
 */
export function startDevServer(options: DevServerOptions): Promise<DevServer> {
  return againWhenPortsAreTaken(async () => {
    const server = new OwnDevServer(options, await choosePorts(options.preferredPorts));
    await server.startOnce();
    return server;
  });
}

/** Another process may take a port between our choosing it and the server's listening on it: then others are tried. */
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
 * The server creates its files for this user alone. No database file is created for it: it would take an empty one for
 * one that has its tables.
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
  /** Nobody needs its log after it was stopped: errors quote what matters. */
  #served = false;

  constructor(options: DevServerOptions, ports: Ports) {
    this.#options = options;
    this.#ports = ports;
    this.address = `${IP}:${ports.grpc}`;
    this.uiUrl = `http://${IP}:${ports.ui}`;
    // created for this user alone: under a guessable name somebody else's file could be in the way
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
    // nobody keeps the addresses of these two: they may change after a stop
    const [http = 0, metrics = 0] = await freePorts(2, IP);
    if (this.#child !== undefined) return;
    this.#lockFile();
    if (this.#logFolder !== undefined) mkdirSync(this.#logFolder, { recursive: true, mode: 0o700 });
    const log = openSync(this.logFile, 'w', 0o600);
    // its own process group, so that Ctrl-C reaches only this process, which then stops the server properly
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
    // a server in memory has nothing to save: an orderly stop would cost a second
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
