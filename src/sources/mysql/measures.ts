import { z } from 'zod';
import type { MeasureOptions, MeasureSession, MeasureSource, SchemaFacts } from '../measures.js';
import type { SchemaRef, SourceContext } from '../source.js';
import { MeasureSessions } from '../common/measure-sessions.js';
import { statementHeader } from '../common/statement-header.js';
import type { MysqlConnectionConfig } from './config.js';
import { MysqlMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { MysqlSession } from './session.js';
import { mysqlSettings, type MysqlSettings } from './settings.js';

/** Opens one connection, for the catalogue; sessions have their own connections. */
export async function openMysqlMeasures(
  config: MysqlConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const settings = { ...(await mysqlSettings(config)), statementTimeoutMs };
  return new MysqlMeasures(settings, context, await MysqlSession.open(settings, context));
}

class MysqlMeasures implements MeasureSource {
  readonly dialect: MysqlMeasureDialect;
  readonly #sessions: MeasureSessions<MysqlSession>;

  constructor(settings: MysqlSettings, context: SourceContext, control: MysqlSession) {
    this.dialect = new MysqlMeasureDialect(control.version);
    const open = (own: SourceContext): Promise<MysqlSession> => MysqlSession.open(settings, own, control.version);
    this.#sessions = new MeasureSessions(control, open, context);
  }

  async facts({ schema }: SchemaRef): Promise<SchemaFacts> {
    return readFacts(await this.#sessions.control(), schema);
  }

  session(context: SourceContext): Promise<MeasureSession> {
    return this.#sessions.session(context);
  }

  async endLost(runTag: string): Promise<number> {
    const control = await this.#sessions.control();
    const own = this.#sessions.all.map((session) => session.threadId);
    const header = statementHeader(runTag).trimEnd();
    const lost = await control.query({
      sql: 'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE LOCATE(?, INFO) = 1 AND ID NOT IN (?)',
      values: [header, own.map(String)],
      row: z.object({ id: z.coerce.number() }),
    });
    for (const { id } of lost) await endConnection(control, id);
    return lost.length;
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }
}

/** The connection may have ended after it was listed. */
async function endConnection(control: MysqlSession, id: number): Promise<void> {
  try {
    await control.query({ sql: `KILL ${id}`, values: [], row: z.unknown() });
  } catch {
    // gone, or another user's, which the server doesn't let us end: its own time limit will
  }
}
