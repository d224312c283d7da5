/**
 * A PostgreSQL server of a test file's own: free port, small buffers, nothing synced. Files of a process hand it on,
 * emptied.
 */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { ServerPool, type PooledServer } from './server-pool.js';
import { ServerProcess } from './server-process.js';

const INSTALL_HINT = 'apt-get update && apt-get install -y --no-install-recommends postgresql';
/** A program that runs in this thread lets no time limit of mocha's come to its turn. */
const INSTALL_TIMEOUT_MS = 120_000;
/** Debian puts the server's programs where no PATH looks. */
const DEBIAN = '/usr/lib/postgresql';

export interface PostgresOptions {
  /** Further settings of the server: `{log_statement: 'all'}`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export type Row = Record<string, unknown>;

export interface TestPostgres {
  readonly port: number;
  /** `127.0.0.1:PORT`, as recipes have it. */
  readonly hostPort: string;
  /** An account that may log in, no superuser: what it reads of pg_catalog needs no grants. */
  readonly user: string;
  readonly password: string;
  /** Folder of the server's data, with its log. */
  readonly folder: string;
  /** Runs statements as superuser; the rows of the last one. */
  query(sql: string, database?: string): Promise<Row[]>;
  /** The server's log since it started. */
  log(): string;
  /** `kill -9`; the data stays. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Throws its data away, and the server with it unless the next test file can have it. */
  stop(): Promise<void>;
}

const pool = new ServerPool<Server>();

/**
 * Gives a server with the database `postgres` alone: one that another file of this process is done with, else a new
 * one.
 *
 * @throws Error naming the command that installs PostgreSQL, or the server's own log
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  const used = pool.take(options);
  if (used !== undefined) return used;
  const folder = mkdtempSync(join(tmpdir(), 'om-test-postgres-'));
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

/** True when this machine has the server. */
export function hasPostgres(): boolean {
  return findProgram('postgres') !== undefined && findProgram('initdb') !== undefined;
}

function program(name: string): string {
  const found = findProgram(name);
  if (found !== undefined) return found;
  throw new Error(`There is no ${name} on this machine. Install PostgreSQL: ${INSTALL_HINT}`);
}

function findProgram(name: string): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((left, right) => Number(right) - Number(left)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The server refuses to run as root: it runs as `postgres` then. */
function account(): { readonly uid?: number; readonly gid?: number } {
  if (userInfo().uid !== 0) return {};
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'));
  if (entry === null) throw new Error('Run the tests as another user than root, or add a user postgres.');
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

class Server implements TestPostgres, PooledServer {
  readonly hostPort: string;
  readonly user = 'ingest';
  readonly password = 'ingest-Pass w0rd/@:';
  readonly #account = account();
  readonly #data: string;
  readonly #process: ServerProcess;
  #changed = false;

  constructor(
    readonly folder: string,
    readonly port: number,
    private readonly options: PostgresOptions
  ) {
    this.hostPort = `127.0.0.1:${port}`;
    this.#data = join(folder, 'data');
    // its children go with it
    this.#process = new ServerProcess({
      ...{ name: 'postgres', folder, signal: 'SIGQUIT' },
      logFile: join(folder, 'postgres.log'),
    });
  }

  install(): void {
    const { uid, gid } = this.#account;
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
    const initdb = program('initdb');
    const result = spawnSync(
      initdb,
      ['-D', this.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      { encoding: 'utf8', cwd: this.folder, ...this.#account, timeout: INSTALL_TIMEOUT_MS, killSignal: 'SIGKILL' }
    );
    if (result.status !== 0)
      throw new Error(`${initdb} failed (${result.error?.message ?? result.status}): ${result.stdout}${result.stderr}`);
  }

  async start(): Promise<void> {
    const settings = {
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
      shared_buffers: '32MB',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.folder,
      ...this.options.settings,
    };
    const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', this.#data, '-p', String(this.port), ...given];
    await this.#process.start(program('postgres'), args, () => this.query('SELECT 1'), {
      cwd: this.folder,
      ...this.#account,
    });
  }

  async makeAccount(): Promise<void> {
    await this.query(`CREATE ROLE ${this.user} LOGIN PASSWORD '${this.password}'`);
  }

  async query(sql: string, database = 'postgres'): Promise<Row[]> {
    if (/\bALTER SYSTEM\b/i.test(sql)) this.#changed = true;
    const client = new pg.Client({ host: this.folder, port: this.port, user: 'postgres', database });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const result = (await client.query<Row>(sql)) as pg.QueryResult<Row> | pg.QueryResult<Row>[];
      return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? [];
    } finally {
      await client.end();
    }
  }

  log(): string {
    return this.#process.log();
  }

  async kill(): Promise<void> {
    this.#changed = true;
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
    const databases = await this.query(
      "SELECT datname FROM pg_database WHERE datname NOT IN ('template0', 'template1')"
    );
    for (const { datname } of databases)
      if (datname !== 'postgres')
        await this.query(`DROP DATABASE ${pg.escapeIdentifier(String(datname))} WITH (FORCE)`);
    await this.query('DROP DATABASE postgres WITH (FORCE)', 'template1');
    await this.query('CREATE DATABASE postgres', 'template1');
    await this.query("COMMENT ON DATABASE postgres IS 'default administrative connection database'", 'template1');
    const roles = await this.query(
      "SELECT rolname FROM pg_roles WHERE rolname <> 'postgres' AND rolname NOT LIKE 'pg\\_%'"
    );
    for (const { rolname } of roles) await this.query(`DROP ROLE ${pg.escapeIdentifier(String(rolname))}`);
    await this.makeAccount();
    return true;
  }

  async discard(): Promise<void> {
    await this.#process.discard();
  }
}
