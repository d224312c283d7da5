import { z } from 'zod';
import { ProtocolFault } from '../common/postgres-answer-guard.js';
import type { PostgresClient } from '../common/postgres-client.js';
import { hidden, HIDDEN } from '../common/postgres-hidden-rows.js';
import { cursorRows } from '../common/postgres-cursor-rows.js';
import { SqlSession, type SentStatement } from '../common/sql-session.js';
import { statement } from '../common/statement.js';
import { statementHeader } from '../common/statement-header.js';
import type { SourceContext } from '../source.js';
import { connect } from './connect.js';
import { postgresUndoing } from '../common/postgres-times.js';
import { isRefusal, postgresError } from './errors.js';
import type { PostgresSettings } from './settings.js';

/** What a session is: the server's own text for its version, of 15.18 the 15, and the number of its process there. */
const setUpRow = z.object({ version: z.string(), major: z.number(), pid: z.number(), hidden });

/** A cancel, a courtesy to the server, has its own connection: a worker that shuts down waits for it. */
const CANCEL_TIMEOUT_MS = 2_000;

/** One connection to one database, its session read-only and limited. */
export class PostgresSession extends SqlSession<PostgresSettings> {
  protected readonly engine = 'PostgreSQL';
  protected readonly canStop = true;
  protected override readonly undoing = postgresUndoing;
  protected readonly lostCode = 'LOST';
  protected readonly isRefusal = isRefusal;
  #setUp: z.infer<typeof setUpRow> | undefined;
  /** The last statement. */
  #sql = '';

  private constructor(
    private readonly client: PostgresClient,
    settings: PostgresSettings,
    context: SourceContext,
    readonly database: string
  ) {
    super(settings, context);
    // Without a listener an error on an idle connection would end the process; the next statement reports it.
    client.on('error', this.lose);
    client.on('end', this.lose);
  }

  /** @throws AuthenticationError, PermanentError or TransientError; the signal's reason when aborted. */
  static async open(settings: PostgresSettings, context: SourceContext, database: string): Promise<PostgresSession> {
    // The name shown for a connection is short: the kind and the run's id are what tells runs apart.
    const tag = context.runTag.replace(/^\S+ /, 'om-ingest ');
    const client = await connect(settings, database, tag, context.signal);
    const session = new PostgresSession(client, settings, context, database);
    try {
      [session.#setUp] = await session.query(statement(setUpRow, setUpSql(settings)));
      if (session.#setUp === undefined)
        throw postgresError(new ProtocolFault('no row when asked for its version'), settings);
      session.versionText = session.#setUp.version;
      session.isOpen = true;
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  /** `PostgreSQL 15.18`. */
  get server(): string {
    return `${this.engine} ${this.versionText}`;
  }

  /** 15 of 15.18. */
  get major(): number {
    return this.#setUp?.major ?? 0;
  }

  /** The server's number of this connection's process. */
  get pid(): number {
    return this.#setUp?.pid ?? 0;
  }

  /** Tables and views of which policies showed only some rows, or none, when it began. */
  get hidden(): z.infer<typeof hidden> {
    return this.#setUp?.hidden ?? [];
  }

  get tlsProtocol(): string | undefined {
    return this.client.tlsProtocol;
  }

  protected send(sent: SentStatement): AsyncIterable<readonly unknown[]> {
    this.#sql = sent.sql;
    return cursorRows(this.client, sent);
  }

  protected explain(error: unknown): Error {
    return postgresError(error, this.settings, this.#sql);
  }

  protected end(): Promise<void> {
    return this.client.end();
  }

  protected destroyConnection(): void {
    this.client.drop();
  }

  protected async cancel(): Promise<void> {
    // whoever breaks the protocol is asked no favour; what sets a session up reads nothing
    if (this.client.guard.isBroken || this.#setUp === undefined) return;
    const signal = AbortSignal.timeout(CANCEL_TIMEOUT_MS);
    try {
      const helper = await connect(this.settings, this.database, 'om-ingest cancel', signal);
      helper.guard.expectRows(1);
      signal.addEventListener('abort', () => helper.drop(), { once: true });
      const header = statementHeader(this.context.runTag);
      await helper.query(CANCEL, [this.pid, header.trimEnd()]).finally(() => helper.drop());
    } catch {
      // Best effort: the server's own limits do the rest.
    }
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
  pg_catalog.current_setting('server_version_num')::int / 10000 AS major,
  pg_catalog.current_setting('server_version') AS version, pg_catalog.pg_backend_pid() AS pid, ${searchPath === 'none' ? "'[]'::json" : HIDDEN} AS hidden`;
}
