import { z } from 'zod';
import type { SchemaFacts, TableFacts } from '../measures.js';
import { isAtLeast } from './server-version.js';
import type { Statement } from '../common/statement.js';
import type { MysqlSession } from './session.js';

const factRow = z.object({
  name: z.string(),
  type: z.string(),
  tableRows: z.coerce.number().nullable(),
  bytes: z.coerce.number().nullable(),
  created: z.coerce.number().nullable(),
  updated: z.coerce.number().nullable(),
  asOf: z.coerce.number(),
});

/** UPDATE_TIME counts whole seconds: the last change was within the second that begins with it. */
const TIME_STEP_MS = 1_000;

/**
 * TABLE_ROWS is InnoDB's estimate. UPDATE_TIME is kept in the server's memory: NULL (after a restart, or evicted) says
 * nothing.
 */
export async function readFacts(session: MysqlSession, schema: string): Promise<SchemaFacts> {
  const { version } = session;
  // MySQL 8 would return numbers up to a day old
  if (version.flavour === 'MySQL' && isAtLeast(version, 8, 0))
    await session.query({ sql: 'SET SESSION information_schema_stats_expiry = 0', values: [], row: z.unknown() });
  const startedAt = Date.now();
  const rows = await session.query(tableFacts(schema));
  const tables = new Map<string, TableFacts>();
  for (const row of rows) tables.set(row.name, toFacts(row));
  return { asOf: rows[0] === undefined ? startedAt : Math.floor(rows[0].asOf * 1000), tables };
}

function toFacts({ name, type, tableRows, bytes, created, updated }: z.infer<typeof factRow>): TableFacts {
  const isView = type.includes('VIEW');
  return {
    table: name,
    isView,
    rowsAreExact: false,
    ...(isView || tableRows === null ? {} : { rows: tableRows }),
    ...(isView || bytes === null ? {} : { bytes }),
    ...(created === null ? {} : { createdAt: created * 1000 }),
    ...(isView || updated === null ? {} : { changed: { time: updated * 1000 + TIME_STEP_MS } }),
  };
}

function tableFacts(schema: string): Statement<z.infer<typeof factRow>> {
  return {
    sql: `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, TABLE_ROWS AS tableRows, DATA_LENGTH + INDEX_LENGTH AS bytes,
  UNIX_TIMESTAMP(CREATE_TIME) AS created, UNIX_TIMESTAMP(UPDATE_TIME) AS updated, UNIX_TIMESTAMP(NOW(6)) AS asOf
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND CAST(TABLE_SCHEMA AS BINARY) = CAST(? AS BINARY) AND TABLE_TYPE <> 'SEQUENCE'`,
    values: [schema, schema],
    row: factRow,
  };
}
