import { z } from 'zod';
import type { MeasureOptions, MeasureSource } from '../measures.js';
import type { SourceContext } from '../source.js';
import { SqlMeasures } from '../common/sql-measures.js';
import { statement } from '../common/statement.js';
import type { MysqlConnectionConfig } from './config.js';
import { mysqlMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** Opens one connection, for the catalogue. */
export async function openMysqlMeasures(
  config: MysqlConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const given = await mysqlSettings(config);
  const settings = {
    ...given,
    statementTimeoutMs,
    // names without a schema in users' SQL are its tables, as for OpenMetadata's own framework; else the table's own
    driverOptions: async () => ({
      ...(await given.driverOptions()),
      ...(config.databaseSchema === undefined ? {} : { database: config.databaseSchema }),
    }),
  };
  const control = await MysqlSession.open(settings, context);
  const open = (own: SourceContext): Promise<MysqlSession> => MysqlSession.open(settings, own, control.version);
  const use = (session: MysqlSession, schema: string): Promise<void> => session.use(schema);
  const engine = {
    ...{ dialect: mysqlMeasureDialect(control.version), open, facts: readFacts, endLost },
    ...(config.databaseSchema === undefined ? { use } : {}),
  };
  return new SqlMeasures(engine, control, context);
}

async function endLost(control: MysqlSession, header: string, own: readonly MysqlSession[]): Promise<number> {
  const sql = 'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE LOCATE(?, INFO) = 1 AND ID NOT IN (?)';
  const values = [header, own.map(({ threadId }) => String(threadId))];
  const lost = await control.query(statement(z.object({ id: z.coerce.number() }), sql, values));
  for (const { id } of lost) await endConnection(control, id);
  return lost.length;
}

/** The connection may have ended after it was listed. */
async function endConnection(control: MysqlSession, id: number): Promise<void> {
  try {
    await control.query(statement(z.unknown(), `KILL ${id}`));
  } catch {
    // gone, or another user's, which the server doesn't let us end: its own time limit will
  }
}
