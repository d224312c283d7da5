import { TLSSocket } from 'node:tls';
import mysql from 'mysql2';
import type { Connection } from 'mysql2';
import { z } from 'zod';
import type { SourceContext } from '../source.js';
import { SqlSession, type SentStatement } from '../common/sql-session.js';
import { statement } from '../common/statement.js';
import { bytesOf, connect, destroyConnection, killQuery, socketOf } from './connect.js';
import { statementError } from './errors.js';
import { streamRows } from './row-stream.js';
import { quoteIdentifier } from './quoted-name.js';
import { namesOf, resetSession } from './reset-session.js';
import { rowTexts } from './row-texts.js';
import { parseServerVersion, type ServerVersion } from './server-version.js';
import { sessionLimits } from './session-limits.js';
import type { MysqlSettings } from './settings.js';

const versionRow = z.object({
  version: z.string(),
  connections: z.coerce.number(),
  letters: z.coerce.number().optional(),
  mode: z.string().optional(),
});

/** One connection with a capped, read-only session. A reader that stops early ends it too. */
export class MysqlSession extends SqlSession<MysqlSettings> {
  protected readonly engine = 'MySQL';
  protected readonly canStop = false;
  protected override readonly clocks = {
    server: 'SET SESSION time_zone = @@GLOBAL.time_zone',
    utc: "SET SESSION time_zone = '+00:00'",
  };
  protected readonly lostCode = 'PROTOCOL_CONNECTION_LOST';
  protected readonly isRefusal = isRefusal;
  #version: ServerVersion | undefined;
  #connectionLimit = 0;
  #exactNames = false;
  #serverMode = '';
  #current: string | undefined;

  private constructor(
    private readonly connection: Connection,
    settings: MysqlSettings,
    context: SourceContext
  ) {
    super(settings, context);
    // without a listener an error on an idle connection would end the process; the next statement reports it
    connection.on('error', this.lose);
  }

  /**
   * Connects and sets the session's limits.
   * @param version the server's, if another session has asked for it
   * @throws AuthenticationError, PermanentError or TransientError; the signal's reason when aborted.
   */
  static async open(settings: MysqlSettings, context: SourceContext, version?: ServerVersion): Promise<MysqlSession> {
    const session = new MysqlSession(await connect(settings, context.signal), settings, context);
    try {
      session.#version = version ?? (await session.#askVersion());
      session.versionText = session.#version.text;
      await session.#limit(session.#version);
      session.isOpen = true;
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  get version(): ServerVersion {
    if (this.#version === undefined) throw new Error('the session is not open yet');
    return this.#version;
  }

  /**
   * How many connections this account may have at once; 0 = as many as the server allows. Known to a session that asked
   * for the version.
   */
  get connectionLimit(): number {
    return this.#connectionLimit;
  }

  /**
   * Whether names of tables and schemas that differ by case are two (lower_case_table_names = 0). Known to a session
   * that asked for the version.
   */
  get exactNames(): boolean {
    return this.#exactNames;
  }

  /** The sql_mode of sessions that set none. Known to a session that asked for the version. */
  get serverMode(): string {
    return this.#serverMode;
  }

  /** The server's number of this connection. */
  get threadId(): number {
    return this.connection.threadId;
  }

  /** `TLSv1.3` and the like; undefined without TLS. */
  get tlsProtocol(): string | undefined {
    const stream = socketOf(this.connection);
    return stream instanceof TLSSocket ? (stream.getProtocol() ?? undefined) : undefined;
  }

  protected async *send({ header, sql, values, ...options }: SentStatement): AsyncGenerator<readonly unknown[]> {
    const given = values.map((value) => (typeof value === 'object' && value !== null ? [...value] : value));
    const received = (): number => bytesOf(this.connection);
    // the header is added last: a `?` in it isn't a placeholder
    const rows = streamRows(this.connection, header + mysql.format(sql, given), { ...options, received });
    if (options.onColumns !== undefined) yield* rows;
    else for await (const batch of rows) yield batch.map(rowTexts);
  }

  protected explain(error: unknown): Error {
    return statementError(error, this.place);
  }

  protected end(): Promise<void> {
    return new Promise((resolve) => this.connection.end(() => resolve()));
  }

  protected destroyConnection(): void {
    destroyConnection(this.connection);
  }

  /** After a restart the number of a connection that was lost may be another's. */
  protected async cancel(wasLost: boolean): Promise<void> {
    if (!wasLost) await killQuery(this.settings, this.threadId);
  }

  /** Makes names without a schema those of this one. */
  async use(schema: string): Promise<void> {
    if (this.#current === schema) return;
    await this.#run(`USE ${quoteIdentifier(schema)}`);
    this.#current = schema;
  }

  /** A rollback undoes no variables here, and a function sets any. */
  protected override async renew(): Promise<void> {
    try {
      await resetSession(this.connection);
    } catch (error) {
      this.destroy();
      throw this.explain(error);
    }
    const names = namesOf(this.connection);
    if (names !== undefined) await this.command(names);
    await this.#limit(this.version, (sql) => this.command(sql));
  }

  /** Runs a statement without rows. */
  async #run(sql: string): Promise<void> {
    await this.query(statement(z.unknown(), sql));
  }

  async #askVersion(): Promise<ServerVersion> {
    const sql =
      'SELECT VERSION() AS version, @@max_user_connections AS connections, @@lower_case_table_names AS letters, @@GLOBAL.sql_mode AS mode';
    const [row] = await this.query(statement(versionRow, sql));
    this.#connectionLimit = row?.connections ?? 0;
    this.#exactNames = row?.letters === 0;
    this.#serverMode = row?.mode ?? '';
    return parseServerVersion(row?.version ?? '');
  }

  async #limit(version: ServerVersion, run = (sql: string): Promise<void> => this.#run(sql)): Promise<void> {
    const limits = sessionLimits(version, this.settings.statementTimeoutMs, this.settings.timeZone);
    await run(limits);
    if (this.settings.initCommand === undefined) return;
    await run(this.settings.initCommand);
    // again, so that no init command cuts listings short or lets a run write
    await run(limits);
  }
}

/** The server answered the statement with an error: the connection is as good as before. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return (
    'errno' in error &&
    typeof error.errno === 'number' &&
    'sqlState' in error &&
    !('fatal' in error && error.fatal === true)
  );
}
