import { z } from 'zod';
import { MeasureSessions } from '../common/measure-sessions.js';
import { statementHeader } from '../common/statement-header.js';
import type { MeasureOptions, MeasureSession, MeasureSource, SchemaFacts } from '../measures.js';
import type { SchemaRef, SourceContext } from '../source.js';
import type { PostgresConnectionConfig } from './config.js';
import { DatabaseMeasureSession } from './database-measure-session.js';
import { DatabaseSessions } from './databases.js';
import { postgresMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** Opens one connection, for the catalogue of the recipe's database; sessions have their own connections. */
export async function openPostgresMeasures(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const settings = { ...(await postgresSettings(config)), statementTimeoutMs, searchPath: 'default' as const };
  const open = (own: SourceContext, database = config.database): Promise<PostgresSession> =>
    PostgresSession.open(settings, own, database);
  const sessions = new MeasureSessions(await open(context), open, context);
  return new PostgresMeasures(sessions, config.database, new DatabaseSessions(settings, context));
}

class PostgresMeasures implements MeasureSource {
  readonly dialect = postgresMeasureDialect;
  /** The database other than the recipe's whose catalogue was read last. */
  #other: string | undefined;

  constructor(
    private readonly sessions: MeasureSessions<PostgresSession>,
    private readonly home: string,
    private readonly catalogues: DatabaseSessions
  ) {}

  async facts({ database, schema }: SchemaRef): Promise<SchemaFacts> {
    if (database === this.home) return readFacts(await this.sessions.control(), schema);
    const before = this.#other;
    this.#other = database;
    if (before !== undefined && before !== database) await this.catalogues.leave(before);
    return this.catalogues.use(database, (session) => readFacts(session, schema));
  }

  async session(context: SourceContext): Promise<MeasureSession> {
    return new DatabaseMeasureSession(this.home, (database) => this.sessions.session(context, database));
  }

  async endLost(runTag: string): Promise<number> {
    const control = await this.sessions.control();
    const own = this.sessions.all.map((session) => session.pid);
    const lost = await control.query({
      sql: `SELECT pid, pg_catalog.pg_cancel_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
WHERE usename = current_user AND state = 'active' AND pg_catalog.starts_with(query, $1) AND pid <> ALL ($2::int[])`,
      values: [statementHeader(runTag).trimEnd(), own],
      row: z.object({ ended: z.boolean() }),
    });
    return lost.filter(({ ended }) => ended).length;
  }

  async close(): Promise<void> {
    await Promise.all([this.sessions.close(), this.catalogues.close()]);
  }
}
