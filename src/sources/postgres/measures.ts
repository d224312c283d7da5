import { z } from 'zod';
import { DatabaseMeasures } from '../common/sql-measures.js';
import { statement } from '../common/statement.js';
import type { MeasureOptions, MeasureSource } from '../measures.js';
import type { SourceContext } from '../source.js';
import type { PostgresConnectionConfig } from './config.js';
import { postgresMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { PostgresSession } from './session.js';
import { postgresSettings } from './settings.js';

/** Opens one connection, for the catalogue of the recipe's database. */
export async function openPostgresMeasures(
  config: PostgresConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const settings = { ...(await postgresSettings(config)), statementTimeoutMs, searchPath: 'default' as const };
  const open = (own: SourceContext, database = config.database): Promise<PostgresSession> =>
    PostgresSession.open(settings, own, database);
  const engine = { dialect: postgresMeasureDialect, open, facts: readFacts, endLost };
  return new DatabaseMeasures(engine, await open(context), context);
}

async function endLost(control: PostgresSession, header: string, own: readonly PostgresSession[]): Promise<number> {
  const sql = `SELECT pid, pg_catalog.pg_cancel_backend(pid) AS ended FROM pg_catalog.pg_stat_activity
WHERE usename = current_user AND state = 'active' AND pg_catalog.starts_with(query, $1) AND pid <> ALL ($2::int[])`;
  const values = [header, own.map(({ pid }) => pid)];
  const lost = await control.query(statement(z.object({ ended: z.boolean() }), sql, values));
  return lost.filter(({ ended }) => ended).length;
}
