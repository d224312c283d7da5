/** The Snowflake emulator of `test/services/fakesnow`, installed, started, seeded and controlled. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { connectToFakesnow, type FakesnowConnection } from './fakesnow/client.js';
import { seedFakesnow } from './fakesnow/seed.js';
import { CACHE, pythonVenv } from './python-venv.js';
import { ServerPool, type PooledServer } from './server-pool.js';

/** From the project root, where tests run. */
const FOLDER = path.resolve('test/services/fakesnow');
const START_TIMEOUT = 120_000;
/** The driver may wait long for a server that is gone. */
const CLOSE_TIMEOUT = 5_000;
const ANSWER_TIMEOUT = 30_000;

export interface FakesnowOptions {
  /** The only password that is accepted; any other without it. */
  readonly password?: string;
  /** Rows in the first answer and in each chunk after it; 1000. */
  readonly chunkRows?: number;
}

/** What a session meets: see fakesnow/account.py. */
export interface FakesnowControl {
  readonly warehouses?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
  readonly errors?: readonly {
    readonly match: string;
    readonly code: string;
    readonly message: string;
    readonly times?: number;
  }[];
}

const loggedStatement = z.object({
  client: z.string(),
  sql: z.string().nullable(),
  /** Values of its `?`, in order. */
  binds: z.array(z.unknown()),
  login: z.boolean(),
  error: z.string().nullable(),
});
export type LoggedStatement = z.infer<typeof loggedStatement>;

export interface Fakesnow {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly port: number;
  /** Loads the small warehouse; about a second. */
  seed(): Promise<void>;
  execute(sql: string): Promise<Record<string, unknown>[]>;
  /** Makes `PREFIX1`, `PREFIX2`, … at once. @param tables.as of each, in DuckDB's SQL */
  createTables(tables: {
    readonly database: string;
    readonly schema: string;
    readonly prefix: string;
    readonly count: number;
    readonly as: string;
  }): Promise<void>;
  control(settings: FakesnowControl): Promise<void>;
  /** Ends all sessions, that of `execute` as well, which logs in again when it is next used. */
  endSessions(): Promise<void>;
  /** Logins and statements so far, those of `execute` and `seed` as well. */
  statements(): Promise<LoggedStatement[]>;
  stop(): Promise<void>;
  kill(): void;
}

const pool = new ServerPool<Server>();

/**
 * Gives an emulator with nothing in it: one that another file of this process is done with, else a new one, which takes
 * some seconds.
 */
export async function startFakesnow(options: FakesnowOptions = {}): Promise<Fakesnow> {
  return pool.take(options) ?? Server.start(options);
}

class Server implements Fakesnow, PooledServer {
  static async start(options: FakesnowOptions): Promise<Server> {
    const programs = await pythonVenv('fakesnow', path.join(FOLDER, 'requirements.txt'));
    const folder = await mkdtemp(path.join(tmpdir(), 'fakesnow-'));
    const output = await open(path.join(folder, 'server.log'), 'a');
    const [port = 0] = await freePorts(1);
    const server = new Server(
      options,
      folder,
      port,
      spawn(path.join(programs, 'python'), argumentsOf(options, folder, port), {
        stdio: ['ignore', output.fd, output.fd],
        env: { ...process.env, PYTHONPYCACHEPREFIX: path.join(CACHE, 'pycache') },
      })
    );
    await output.close();
    await untilAnswering(server.url, server.child, path.join(folder, 'server.log'));
    return server;
  }

  readonly url: string;
  #connection: Promise<FakesnowConnection> | undefined;

  private constructor(
    private readonly options: FakesnowOptions,
    private readonly folder: string,
    readonly port: number,
    private readonly child: ChildProcess
  ) {
    this.url = `http://127.0.0.1:${port}`;
    // A test that fails to stop it must end all the same; leaving the process kills it.
    child.unref();
    child.once('exit', () => process.off('exit', this.#killNow));
    process.once('exit', this.#killNow);
  }

  async seed(): Promise<void> {
    await seedFakesnow(await this.#connected(), FOLDER);
  }

  async execute(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.#connected()).execute(sql);
  }

  async createTables(tables: Parameters<Fakesnow['createTables']>[0]): Promise<void> {
    await this.#post('/tables', tables);
  }

  async control(settings: FakesnowControl): Promise<void> {
    await this.#post('', settings);
  }

  async endSessions(): Promise<void> {
    await this.#post('/end-sessions');
    this.#connection = undefined;
  }

  async statements(): Promise<LoggedStatement[]> {
    const log = statementLog(this.folder);
    const lines = existsSync(log) ? (await readFile(log, 'utf8')).split('\n') : [];
    return lines.filter((line) => line !== '').map((line) => loggedStatement.parse(JSON.parse(line)));
  }

  stop(): Promise<void> {
    return pool.giveBack(this.options, this);
  }

  async reset(): Promise<boolean> {
    if (this.#ended) return false;
    await this.#disconnect();
    this.#connection = undefined;
    await this.#post('/reset');
    return true;
  }

  async discard(): Promise<void> {
    await this.#disconnect();
    if (!this.#ended) {
      const ended = new Promise((resolve) => this.child.once('exit', resolve));
      this.child.ref();
      this.child.kill('SIGTERM');
      const timer = setTimeout(this.#killNow, 5_000);
      await ended;
      clearTimeout(timer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  kill(): void {
    this.#killNow();
  }

  readonly #killNow = (): void => void this.child.kill('SIGKILL');

  get #ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null || this.child.killed;
  }

  async #disconnect(): Promise<void> {
    const closing = this.#connection?.then((connection) => connection.close());
    await Promise.race([closing, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
  }

  #connected(): Promise<FakesnowConnection> {
    return (this.#connection ??= connectToFakesnow(this.url, this.options.password ?? 'snow'));
  }

  async #post(what: string, body: unknown = {}): Promise<void> {
    const response = await fetch(`${this.url}/control${what}`, {
      method: 'POST',
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(START_TIMEOUT),
    });
    if (!response.ok) throw new Error(`fakesnow refused ${what} ${JSON.stringify(body)}: HTTP ${response.status}`);
  }
}

function argumentsOf({ password, chunkRows = 1000 }: FakesnowOptions, folder: string, port: number): string[] {
  return [
    ...['-W', 'ignore', path.join(FOLDER, 'account.py')],
    ...['--port', `${port}`, '--statement-log', statementLog(folder), '--chunk-rows', `${chunkRows}`],
    ...(password === undefined ? [] : ['--password', password]),
  ];
}

function statementLog(folder: string): string {
  return path.join(folder, 'statements.jsonl');
}

async function untilAnswering(url: string, server: ChildProcess, log: string): Promise<void> {
  const until = Date.now() + START_TIMEOUT;
  for (;;) {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
    const answer = await fetch(`${url}/control`, { method: 'POST', body: '{}', signal }).catch(() => undefined);
    if (answer?.ok === true) return;
    if (server.exitCode !== null || Date.now() > until) {
      throw new Error(`fakesnow did not start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
    }
    await pause(100);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
