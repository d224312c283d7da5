import { z } from 'zod';
import type { Cell, MeasureOptions, MeasureSession, MeasureSource, SchemaFacts } from '../measures.js';
import type { SchemaRef, SourceContext } from '../source.js';
import { statementHeader } from '../common/statement-header.js';
import type { MysqlConnectionConfig } from './config.js';
import { MysqlMeasureDialect } from './measure-dialect.js';
import { readFacts } from './measure-facts.js';
import { MysqlSession } from './session.js';
import { mysqlSettings, type MysqlSettings } from './settings.js';

/** Opens one connection, for what the catalogue tells; sessions are connections of their own. */
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
  readonly #sessions = new Set<MysqlSession>();

  constructor(
    private readonly settings: MysqlSettings,
    private readonly context: SourceContext,
    private control: MysqlSession
  ) {
    this.dialect = new MysqlMeasureDialect(control.version);
  }

  async facts({ schema }: SchemaRef): Promise<SchemaFacts> {
    return readFacts(await this.#controlSession(), schema);
  }

  async session(context: SourceContext): Promise<MeasureSession> {
    let session = await this.#open(context);
    // A connection that was lost, or given up with rows unread, is replaced by the next statement.
    const usable = async (): Promise<MysqlSession> => {
      if (session.usable) return session;
      this.#sessions.delete(session);
      return (session = await this.#open(context));
    };
    return {
      rows: async (sql) => (await collect(await usable(), sql, Infinity)).rows,
      query: async (sql, limit) => collect(await usable(), sql, limit),
      close: async () => {
        this.#sessions.delete(session);
        await session.close();
      },
    };
  }

  async endLost(runTag: string): Promise<number> {
    const control = await this.#controlSession();
    const own = [control, ...this.#sessions].map((session) => session.threadId);
    const header = statementHeader(runTag).trimEnd();
    const lost = await control.query({
      sql: 'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE LOCATE(?, INFO) = 1 AND ID NOT IN (?)',
      values: [header, own.map(String)],
      row: z.object({ id: z.coerce.number() }),
    });
    for (const { id } of lost) await endConnection(control, id);
    return lost.length;
  }

  async close(): Promise<void> {
    await Promise.all([this.control, ...this.#sessions].map((session) => session.close()));
  }

  async #open(context: SourceContext): Promise<MysqlSession> {
    const session = await MysqlSession.open(this.settings, context, this.control.version);
    this.#sessions.add(session);
    return session;
  }

  async #controlSession(): Promise<MysqlSession> {
    if (!this.control.usable) this.control = await MysqlSession.open(this.settings, this.context);
    return this.control;
  }
}

/** Rows up to the limit; what is behind it is not read, and its statement ended. */
async function collect(
  session: MysqlSession,
  sql: string,
  limit: number
): Promise<{ columns: readonly string[]; rows: readonly (readonly Cell[])[] }> {
  const rows: Cell[][] = [];
  let columns: readonly string[] = [];
  const batches = session.arrays(sql, (names) => {
    columns = names;
  });
  for await (const batch of batches) {
    for (const row of batch) {
      if (rows.length >= limit) return { columns, rows };
      rows.push(z.array(z.unknown()).parse(row).map(toCell));
    }
  }
  return { columns, rows };
}

function toCell(value: unknown): Cell {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    default:
      if (value === null || value === undefined) return null;
      // Texts of mixed character sets come as bytes.
      if (Buffer.isBuffer(value)) return value.toString('utf8');
      return value instanceof Date ? value : JSON.stringify(value);
  }
}

/** The connection may have ended since it was listed. */
async function endConnection(control: MysqlSession, id: number): Promise<void> {
  try {
    await control.query({ sql: `KILL ${id}`, values: [], row: z.unknown() });
  } catch {
    // Gone, or of another user, which the server does not let us end: its own time limit does.
  }
}
