import type { Client } from 'pg';
import { z } from 'zod';
import { CollectedRows } from '../common/collected-rows.js';
import type { TextSession } from '../common/measure-sessions.js';
import { modelledRows } from '../common/row-model.js';
import { statementHeader } from '../common/statement-header.js';
import type { SourceContext } from '../source.js';
import { connect, destroyConnection, tlsProtocolOf } from './connect.js';
import { cursorRows, type CursorOptions } from './cursor-rows.js';
import { isRefusal, postgresError } from './errors.js';
import { toServerVersion, type ServerVersion } from './server-version.js';
import type { PostgresSettings } from './settings.js';

/** One statement with `$1`, `$2`, … and the model of its rows. */
export interface Statement<Row> {
  readonly sql: string;
  readonly values: readonly (string | number | null | readonly (string | number)[])[];
  readonly row: z.ZodType<Row>;
}

const setUpRow = z.object({ version: z.number(), versionText: z.string(), pid: z.number() });

/**
 * The server should end a statement at its time limit first: its message says more, and nothing has to be cancelled.
 */
const ANSWER_GRACE_MS = 1_000;
/**
 * How long a goodbye may take, and a cancel with its own connection, a courtesy to the server: a worker that shuts down
 * waits for them.
 */
const CLOSE_TIMEOUT_MS = 2_000;
const CANCEL_TIMEOUT_MS = 3_000;

/**
 * One connection to one database, its session read-only and limited. Statements run one after another. After an
 * unfinished one (a lost connection, an abort) the connection is destroyed and the statement cancelled in the server.
 */
export class PostgresSession implements TextSession {
  #usable = true;
  #setUp: z.infer<typeof setUpRow> | undefined;

  private constructor(
    private readonly client: Client,
    private readonly settings: PostgresSettings,
    private readonly context: SourceContext,
    readonly database: string
  ) {
    const lost = (): void => {
      this.#usable = false;
    };
    // Without a listener an error on an idle connection would end the process; the next statement reports it.
    client.on('error', lost);
    client.on('end', lost);
  }

  /** @throws AuthenticationError, PermanentError or TransientError; the signal's reason when aborted. */
  static async open(settings: PostgresSettings, context: SourceContext, database: string): Promise<PostgresSession> {
    // The name shown for a connection is short: the kind and the run's id are what tells runs apart.
    const tag = context.runTag.replace(/^\S+ /, 'om-ingest ');
    const client = await connect(settings, database, tag, context.signal);
    const session = new PostgresSession(client, settings, context, database);
    try {
      const rows = await session.query({ sql: setUpSql(settings), values: [], row: setUpRow });
      session.#setUp = rows[0];
      return session;
    } catch (error) {
      session.#destroy();
      throw error;
    }
  }

  get version(): ServerVersion {
    return toServerVersion(this.#setUp?.version ?? 0, this.#setUp?.versionText ?? 'unknown');
  }

  get place(): string {
    return this.settings.place;
  }

  /** The server's number of this connection's process. */
  get pid(): number {
    return this.#setUp?.pid ?? 0;
  }

  get tlsProtocol(): string | undefined {
    return tlsProtocolOf(this.client);
  }

  get usable(): boolean {
    return this.#usable;
  }

  /** All rows of a statement whose result is small. */
  async query<Row>(statement: Statement<Row>): Promise<Row[]> {
    const collected = new CollectedRows<Row>(`PostgreSQL at ${this.place}`);
    for await (const batch of this.rows(statement)) for (const row of batch) collected.add(row);
    return collected.rows;
  }

  /** Rows in batches as they come. Only ends when the server says that there are no more; otherwise throws. */
  async *rows<Row>({ sql, values, row }: Statement<Row>): AsyncGenerator<readonly Row[], void, undefined> {
    const model = z.array(row);
    const who = `PostgreSQL at ${this.place} (${this.version.text})`;
    for await (const batch of this.#stream(sql, values)) yield modelledRows(model, batch, who);
  }

  async *arrays(
    sql: string,
    onColumns: (names: readonly string[]) => void
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    yield* this.#stream(sql, [], { onColumns });
  }

  /** Says goodbye; never throws. */
  async close(): Promise<void> {
    if (this.#usable) {
      this.#usable = false;
      const over = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref());
      await Promise.race([this.client.end().catch(() => undefined), over]);
    }
    this.#destroy();
  }

  async *#stream(
    text: string,
    values: Statement<unknown>['values'],
    more: Pick<CursorOptions, 'onColumns'> = {}
  ): AsyncGenerator<readonly unknown[], void, undefined> {
    const { context, settings } = this;
    const sql = statementHeader(context.runTag) + text;
    let sent = false;
    try {
      context.signal.throwIfAborted();
      if (!this.#usable) throw new Error('Connection terminated before');
      sent = true;
      yield* cursorRows(this.client, sql, values, {
        signal: context.signal,
        stallMs: settings.statementTimeoutMs + ANSWER_GRACE_MS,
        onWaited: context.onStatement,
        ...more,
      });
    } catch (error) {
      if (sent && !isRefusal(error)) await this.#abandon();
      if (context.signal.aborted) throw context.signal.reason;
      throw postgresError(error, settings.place);
    }
  }

  /** The connection still has rows of a statement, or is broken: nothing of it may keep running in the server. */
  async #abandon(): Promise<void> {
    this.#destroy();
    const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
    try {
      const helper = await connect(this.settings, this.database, 'om-ingest cancel', signal);
      signal.addEventListener('abort', () => destroyConnection(helper), { once: true });
      const header = statementHeader(this.context.runTag).trimEnd();
      await helper.query(CANCEL, [this.pid, header]).finally(() => destroyConnection(helper));
    } catch {
      // Best effort: the server's own limits do the rest.
    }
  }

  #destroy(): void {
    this.#usable = false;
    destroyConnection(this.client);
  }
}

const CANCEL =
  'SELECT pg_catalog.pg_cancel_backend(pid) FROM pg_catalog.pg_stat_activity WHERE pid = $1 AND pg_catalog.starts_with(query, $2)';

/** Settings of the session, and what it is. From 14 on a server notices by itself that its client is gone. */
function setUpSql({ statementTimeoutMs, searchPath }: PostgresSettings): string {
  const settings: readonly (readonly [string, string])[] = [
    ['default_transaction_read_only', 'on'],
    ['statement_timeout', String(statementTimeoutMs)],
    // An ALTER TABLE must not hold up a run for ever.
    ['lock_timeout', '60000'],
    ['timezone', 'UTC'],
    ['datestyle', 'ISO, MDY'],
    ['intervalstyle', 'postgres'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    // a sample of the first rows is the same each time
    ['synchronize_seqscans', 'off'],
    // a backslash in a string is a backslash
    ['standard_conforming_strings', 'on'],
    ...(searchPath === 'none' ? [['search_path', ''] as const] : []),
  ];
  const set = settings.map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`);
  return `SELECT ${set.join(', ')},
  (SELECT pg_catalog.set_config(name, '10000', false) FROM pg_catalog.pg_settings
    WHERE name = 'client_connection_check_interval' AND pg_catalog.version() LIKE '%linux%'),
  pg_catalog.current_setting('server_version_num')::int AS version,
  pg_catalog.current_setting('server_version') AS "versionText", pg_catalog.pg_backend_pid() AS pid`;
}
