/**
 * A MariaDB server of a test file's own: nothing in it, free port, small buffers. Files of a process hand it on,
 * emptied.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { z } from 'zod';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { emptyMariadb } from './mariadb-empty.js';
import { executable } from './mariadb-programs.js';
import { ServerPool, type PooledServer } from './server-pool.js';
import { ServerProcess } from './server-process.js';

export { hasMariadb } from './mariadb-programs.js';

/** A program that runs in this thread lets no time limit of mocha's come to its turn. */
const INSTALL_TIMEOUT_MS = 120_000;
/** A starved machine may take long to answer; a statement that hangs must not hang the test for ever. */
const STATEMENT_TIMEOUT_MS = 120_000;

export interface MariadbOptions {
  /** Further arguments of mariadbd, `--ssl-cert=…`. */
  readonly arguments?: readonly string[];
}

/** A statement of the general log, those of this module's own root connection left out. */
export interface LoggedStatement {
  readonly user: string;
  readonly threadId: number;
  readonly text: string;
}

export type Row = Record<string, unknown>;

/** `user` and `password` make it one of another account than the server's own. */
export interface SessionOptions extends mysql.ConnectionOptions {
  /** Texts that the server may refuse; the session goes on behind them. */
  readonly mayFail?: readonly string[];
}

export interface TestMariadb {
  readonly port: number;
  /** `127.0.0.1:PORT`, as recipes have it. */
  readonly hostPort: string;
  /** An account that may read everything: SELECT, SHOW VIEW, EXECUTE on all schemas. */
  readonly user: string;
  readonly password: string;
  readonly socketPath: string;
  readonly pid: number;
  /** Runs one statement as root. */
  query(sql: string): Promise<Row[]>;
  /** Runs statements one after another as root; a `;` inside BEGIN … END ends nothing. */
  run(script: string): Promise<void>;
  /** A session of the account. */
  connect(database?: string, options?: mysql.ConnectionOptions): Promise<mysql.Connection>;
  /** Opens such a session, runs texts in it one after another, and ends it. */
  runSession(database: string | undefined, texts: readonly string[], options?: SessionOptions): Promise<void>;
  /** Empties the general log and switches it on or off. */
  logStatements(on: boolean): Promise<void>;
  /** Statements since `logStatements(true)`, in order. */
  generalLog(): Promise<LoggedStatement[]>;
  /** `kill -9`; the data stays. */
  kill(): Promise<void>;
  /** Starts again on the same data and port, after a `kill -9` if it runs. */
  restart(): Promise<void>;
  /** Throws its data away, and the server with it unless the next test file can have it. */
  stop(): Promise<void>;
}

const pool = new ServerPool<Server>();

/**
 * Gives a server with nothing in it: one that another file of this process is done with, else a new one, which takes
 * about two seconds.
 *
 * @throws Error naming the command that installs MariaDB, or the server's own log
 */
export async function startMariadb(options: MariadbOptions = {}): Promise<TestMariadb> {
  const used = pool.take(options);
  if (used !== undefined) return used;
  const folder = mkdtempSync(join(tmpdir(), 'om-test-mariadb-'));
  const server = new Server(folder, (await freePorts(1))[0] ?? 0, options);
  try {
    server.install();
    await server.start();
    await server.makeAccount();
    return server;
  } catch (error) {
    await server.discard();
    throw error;
  }
}

const logRow = z.object({ user: z.string(), threadId: z.coerce.number(), text: z.string() });

class Server implements TestMariadb, PooledServer {
  readonly hostPort: string;
  readonly user = 'ingest';
  readonly password = 'ingest-Pass w0rd/@:';
  readonly socketPath: string;
  readonly #dataFolder: string;
  readonly #process: ServerProcess;
  #root: mysql.Connection | undefined;
  /** Settings were changed, or it was killed: nobody else is to meet that. */
  #changed = false;

  constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly options: MariadbOptions
  ) {
    this.hostPort = `127.0.0.1:${port}`;
    this.socketPath = join(folder, 'mariadb.sock');
    this.#dataFolder = join(folder, 'data');
    this.#process = new ServerProcess({
      ...{ name: 'mariadbd', folder, signal: 'SIGKILL' },
      logFile: join(folder, 'mariadbd.log'),
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  install(): void {
    const program = executable('mariadb-install-db');
    const result = spawnSync(
      program,
      [
        '--no-defaults',
        `--datadir=${this.#dataFolder}`,
        `--user=${userInfo().username}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ],
      { encoding: 'utf8', env: this.#environment(), timeout: INSTALL_TIMEOUT_MS, killSignal: 'SIGKILL' }
    );
    if (result.status !== 0)
      throw new Error(
        `${program} failed (${result.error?.message ?? result.status}): ${result.stdout}${result.stderr}`
      );
  }

  async start(): Promise<void> {
    await this.#process.start(executable('mariadbd'), this.#arguments(), () => this.#connection());
  }

  async makeAccount(): Promise<void> {
    await this.run(`CREATE USER '${this.user}'@'%' IDENTIFIED BY '${this.password}';
      GRANT SELECT, SHOW VIEW, EXECUTE ON *.* TO '${this.user}'@'%'`);
  }

  async query(sql: string): Promise<Row[]> {
    this.#noteChange(sql);
    const root = await this.#connection();
    const [rows] = await root.query({ sql, timeout: STATEMENT_TIMEOUT_MS });
    return z.array(z.record(z.string(), z.unknown())).catch([]).parse(rows);
  }

  async run(script: string): Promise<void> {
    this.#noteChange(script);
    await this.#execute(script);
  }

  async logStatements(on: boolean): Promise<void> {
    await this.#execute(
      `SET GLOBAL general_log = OFF; TRUNCATE mysql.general_log; SET GLOBAL general_log = ${on ? 'ON' : 'OFF'}`
    );
  }

  async generalLog(): Promise<LoggedStatement[]> {
    const rows = await this
      .query(`SELECT user_host AS user, thread_id AS threadId, CONVERT(argument USING utf8mb4) AS text
      FROM mysql.general_log WHERE command_type = 'Query' AND user_host NOT LIKE 'root%'`);
    return z.array(logRow).parse(rows);
  }

  async kill(): Promise<void> {
    this.#changed = true;
    this.#forgetRoot();
    await this.#process.kill();
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  stop(): Promise<void> {
    return pool.giveBack(this.options, this);
  }

  async reset(): Promise<boolean> {
    if (this.#changed) return false;
    // its USE and its session's settings
    this.#forgetRoot();
    if (!(await emptyMariadb(await this.#connection()))) return false;
    await this.logStatements(this.options.arguments?.includes('--general-log=1') ?? false);
    await this.makeAccount();
    return true;
  }

  async discard(): Promise<void> {
    this.#forgetRoot();
    await this.#process.discard();
  }

  async #execute(script: string): Promise<void> {
    const root = await this.#connection();
    await root.query({ sql: script, timeout: STATEMENT_TIMEOUT_MS });
  }

  #noteChange(sql: string): void {
    if (/\bSET\s+(GLOBAL|PERSIST|@@GLOBAL)|\bINSTALL\b/i.test(sql)) this.#changed = true;
  }

  /** A server that starts removes the temporary tables of all others that keep them in the same folder. */
  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, TMPDIR: this.folder };
  }

  #arguments(): string[] {
    return [
      '--no-defaults',
      `--user=${userInfo().username}`,
      `--datadir=${this.#dataFolder}`,
      // A starting server deletes temporary tables that it finds, those of servers beside it included.
      `--tmpdir=${this.folder}`,
      `--socket=${this.socketPath}`,
      `--port=${this.port}`,
      `--pid-file=${join(this.folder, 'mariadbd.pid')}`,
      '--bind-address=127.0.0.1',
      '--character-set-server=utf8mb4',
      '--log-output=TABLE',
      '--performance-schema=OFF',
      '--innodb-buffer-pool-size=32M',
      '--aria-pagecache-buffer-size=8M',
      '--key-buffer-size=1M',
      // What a kill -9 of the server loses is nothing: the machine goes on.
      '--innodb-flush-log-at-trx-commit=2',
      '--skip-name-resolve',
      ...(this.options.arguments ?? []),
    ];
  }

  connect(database?: string, options: mysql.ConnectionOptions = {}): Promise<mysql.Connection> {
    const { port, user, password } = this;
    return mysql.createConnection({
      ...{ host: '127.0.0.1', port, user, password, ...options },
      ...(database === undefined ? {} : { database }),
    });
  }

  async runSession(
    database: string | undefined,
    texts: readonly string[],
    { mayFail = [], ...options }: SessionOptions = {}
  ): Promise<void> {
    const connection = await this.connect(database, options);
    try {
      for (const text of texts) {
        const answer = connection.query(text);
        await (mayFail.includes(text) ? answer.catch(() => undefined) : answer);
      }
    } finally {
      await connection.end();
    }
  }

  #forgetRoot(): void {
    this.#root?.destroy();
    this.#root = undefined;
  }

  async #connection(): Promise<mysql.Connection> {
    if (this.#root !== undefined) return this.#root;
    const root = await mysql.createConnection({
      socketPath: this.socketPath,
      user: 'root',
      multipleStatements: true,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      dateStrings: true,
    });
    // The server may be killed while nothing runs.
    root.on('error', () => {
      this.#root = undefined;
    });
    this.#root = root;
    return root;
  }
}
