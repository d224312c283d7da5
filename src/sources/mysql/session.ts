import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import mysql from 'mysql2';
import type { Connection } from 'mysql2';
import { z } from 'zod';
import type { SourceContext } from '../source.js';
import { CollectedRows } from '../common/collected-rows.js';
import { modelledRows } from '../common/row-model.js';
import { statementHeader } from '../common/statement-header.js';
import { connect, destroyConnection, killQuery, socketOf } from './connect.js';
import { mysqlError } from './errors.js';
import { streamRows, type RowStreamOptions } from './row-stream.js';
import { rowTexts } from './row-texts.js';
import { parseServerVersion, type ServerVersion } from './server-version.js';
import { sessionLimits } from './session-limits.js';
import type { MysqlSettings } from './settings.js';

/** One statement and the model of its rows, whose text is strings however the server stores it. */
export interface Statement<Row> {
  readonly sql: string;
  readonly values: readonly (string | number | readonly string[])[];
  readonly row: z.ZodType<Row>;
}

const versionRow = z.object({ version: z.string(), connections: z.coerce.number() });
const anyRow = z.unknown();

/** The server should end a statement at its time limit first: its message says more, and nothing has to be killed. */
const ANSWER_GRACE_MS = 1_000;
/** How long a goodbye may take. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * One connection with a capped, read-only session. Statements run one after another. After an unfinished statement (a
 * lost connection, an abort, a reader that stopped early) the connection is destroyed and the statement is killed on
 * the server.
 */
export class MysqlSession {
  readonly #connection: Connection;
  readonly #settings: MysqlSettings;
  readonly #context: SourceContext;
  #usable = true;
  #version: ServerVersion | undefined;
  #connectionLimit = 0;

  private constructor(connection: Connection, settings: MysqlSettings, context: SourceContext) {
    this.#connection = connection;
    this.#settings = settings;
    this.#context = context;
    // without a listener an error on an idle connection would end the process; the next statement reports it
    connection.on('error', () => {
      this.#usable = false;
    });
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
      await session.#limit(session.#version);
      return session;
    } catch (error) {
      session.#destroy();
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

  /** Host and port, or the socket. */
  get place(): string {
    return this.#settings.place;
  }

  /** The server's number of this connection. */
  get threadId(): number {
    return this.#connection.threadId;
  }

  /** `TLSv1.3` and the like; undefined without TLS. */
  get tlsProtocol(): string | undefined {
    const stream = socketOf(this.#connection);
    return stream instanceof TLSSocket ? (stream.getProtocol() ?? undefined) : undefined;
  }

  /** False once the connection is lost or was given up. */
  get usable(): boolean {
    return this.#usable;
  }

  /** All rows of a statement whose result is small. */
  async query<Row>(statement: Statement<Row>): Promise<Row[]> {
    const collected = new CollectedRows<Row>(`MySQL at ${this.place}`);
    for await (const batch of this.rows(statement)) for (const row of batch) collected.add(row);
    return collected.rows;
  }

  /** Rows in batches as they arrive. Only ends when the server says that there are no more; otherwise throws. */
  async *rows<Row>(statement: Statement<Row>): AsyncGenerator<readonly Row[], void, undefined> {
    const values = statement.values.map((value) => (typeof value === 'object' ? [...value] : value));
    const model = z.array(statement.row);
    const who = `MySQL at ${this.place} (${this.#version?.text ?? 'version unknown'})`;
    for await (const batch of this.#stream(mysql.format(statement.sql, values)))
      yield modelledRows(model, batch.map(rowTexts), who);
  }

  /**
   * A statement's rows as arrays of the driver's values. @param onColumns gets the column names before the first row
   */
  async *arrays(
    sql: string,
    onColumns: (names: readonly string[]) => void
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    yield* this.#stream(sql, { onColumns });
  }

  async *#stream(
    text: string,
    more: Pick<RowStreamOptions, 'onColumns'> = {}
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    // the header is added last: a `?` in it isn't a placeholder
    const sql = statementHeader(this.#context.runTag) + text;
    let complete = false;
    let refused = false;
    try {
      if (!this.#usable)
        throw Object.assign(new Error('the connection was lost before'), { code: 'PROTOCOL_CONNECTION_LOST' });
      const options = {
        signal: this.#context.signal,
        stallMs: this.#settings.statementTimeoutMs + ANSWER_GRACE_MS,
        onWaited: this.#context.onStatement,
        received: () => this.#received(),
        ...more,
      };
      yield* streamRows(this.#connection, sql, options);
      complete = true;
    } catch (error) {
      refused = isRefusal(error);
      throw this.#explain(error);
    } finally {
      if (!complete && !refused) await this.#abandon();
    }
  }

  /** Says goodbye; never throws. */
  async close(): Promise<void> {
    if (!this.#usable) return this.#destroy();
    this.#usable = false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      this.#connection.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#destroy();
  }

  #received(): number {
    const socket = socketOf(this.#connection);
    return socket instanceof Socket ? socket.bytesRead : 0;
  }

  /** Runs a statement without rows. */
  async #run(sql: string): Promise<void> {
    await this.query({ sql, values: [], row: anyRow });
  }

  async #askVersion(): Promise<ServerVersion> {
    const [row] = await this.query({
      sql: 'SELECT VERSION() AS version, @@max_user_connections AS connections',
      values: [],
      row: versionRow,
    });
    this.#connectionLimit = row?.connections ?? 0;
    return parseServerVersion(row?.version ?? '');
  }

  async #limit(version: ServerVersion): Promise<void> {
    const limits = sessionLimits(version, this.#settings.statementTimeoutMs, this.#settings.timeZone);
    await this.#run(limits);
    if (this.#settings.initCommand === undefined) return;
    await this.#run(this.#settings.initCommand);
    // again, so that no init command cuts listings short or lets a run write
    await this.#run(limits);
  }

  #explain(error: unknown): unknown {
    if (this.#context.signal.aborted) return this.#context.signal.reason;
    return mysqlError(error, this.#settings.place);
  }

  /** The connection still has rows of a statement, or is broken. */
  async #abandon(): Promise<void> {
    if (!this.#usable) return this.#destroy();
    this.#usable = false;
    const threadId = this.#connection.threadId;
    this.#destroy();
    await killQuery(this.#settings, threadId);
  }

  #destroy(): void {
    this.#usable = false;
    destroyConnection(this.#connection);
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
