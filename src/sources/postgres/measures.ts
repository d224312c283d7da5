import { z } from 'zod';
import { MeasureSessions } from '../common/measure-sessions.js';
import { statementHeader } from '../common/statement-header.js';
import type { MeasureOptions, MeasureSession, MeasureSource, SchemaFacts } from '../measures.js';
import type { SchemaRef, SourceContext } from '../source.js';
import type { PostgresConnectionConfig } from './config.js';
import { postgresMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** Opens one connection, for what the catalogue tells; sessions are connections of their own. */
export async function openPostgresMeasures(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const settings = { ...(await postgresSettings(config)), statementTimeoutMs, searchPath: 'default' as const };
  const open = (own: SourceContext): Promise<PostgresSession> => PostgresSession.open(settings, own, config.database);
  return new PostgresMeasures(new MeasureSessions(await open(context), open, context));
}

class PostgresMeasures implements MeasureSource {
  readonly dialect = postgresMeasureDialect;

  constructor(private readonly sessions: MeasureSessions<PostgresSession>) {}

  async facts({ schema }: SchemaRef): Promise<SchemaFacts> {
    return readFacts(await this.sessions.control(), schema);
  }

  session(context: SourceContext): Promise<MeasureSession> {
    return this.sessions.session(context);
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

  close(): Promise<void> {
    return this.sessions.close();
  }
}
