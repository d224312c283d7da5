import { z } from 'zod';
import { partitionMarks } from './partition-marks.js';
import type { SchemaFacts, TableFacts } from '../measures.js';
import { isAtLeast } from './server-version.js';
import type { Statement } from '../common/statement.js';
import type { MysqlSession } from './session.js';

const factRow = z.object({
  name: z.string(),
  type: z.string(),
  engine: z.string().nullable(),
  isPartitioned: z.coerce.number(),
  tableRows: z.coerce.number().nullable(),
  bytes: z.coerce.number().nullable(),
  created: z.coerce.number().nullable(),
  updated: z.coerce.number().nullable(),
  asOf: z.coerce.number(),
});

/** UPDATE_TIME counts whole seconds: the last change was within the second that begins with it. */
const TIME_STEP_MS = 1_000;

/** Their UPDATE_TIME moves with each change of a row. Aria's moves when the table is flushed, others have none. */
const TIMED_ENGINES: ReadonlySet<string> = new Set(['InnoDB', 'MyISAM']);

/**
 * TABLE_ROWS is InnoDB's estimate. UPDATE_TIME is kept in the server's memory: NULL (after a restart, or evicted) says
 * nothing. TRUNCATE, and partitions or tables that change places, leave it as it is, or bring an older one: the mark
 * shows them.
 */
export async function readFacts(session: MysqlSession, schema: string): Promise<SchemaFacts> {
  const { version, exactNames } = session;
  // MySQL 8 would return numbers up to a day old
  if (version.flavour === 'MySQL' && isAtLeast(version, 8, 0))
    await session.query({ sql: 'SET SESSION information_schema_stats_expiry = 0', values: [], row: z.unknown() });
  const startedAt = Date.now();
  const rows = await session.query(tableFacts(schema));
  const tables = new Map<string, TableFacts>();
  const partitions = rows.some(({ isPartitioned }) => isPartitioned === 1)
    ? await partitionMarks(session, schema)
    : new Map<string, string>();
  for (const row of rows) tables.set(row.name, toFacts(row, partitions.get(row.name)));
  const [first] = rows;
  const asOf = first === undefined ? startedAt : Math.floor(first.asOf * 1000);
  // none at all may also be those of a schema whose name the catalog has in another case
  const areAll = first !== undefined || exactNames || !(await isNamedOtherwise(session, schema));
  return { asOf, tables, areAll, exactNames };
}

async function isNamedOtherwise(session: MysqlSession, schema: string): Promise<boolean> {
  const sql = 'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE LOWER(SCHEMA_NAME) = LOWER(?)';
  const alike = await session.query({ sql, values: [schema], row: z.object({ name: z.string() }) });
  return alike.some(({ name }) => name !== schema);
}

function toFacts(row: z.infer<typeof factRow>, partitions: string | undefined): TableFacts {
  const { name, type, engine, isPartitioned, tableRows, bytes, created, updated } = row;
  const showsChanges = TIMED_ENGINES.has(engine ?? '') && (isPartitioned === 0 || partitions !== undefined);
  // the number itself is an estimate, and moves although no row does
  const mark = [created, tableRows === 0 ? 'empty' : 'rows', partitions ?? ''].join(' ').trim();
  const isView = type.includes('VIEW');
  return {
    table: name,
    isView,
    rowsAreExact: false,
    ...(isView || tableRows === null ? {} : { rows: tableRows }),
    ...(isView || bytes === null ? {} : { bytes }),
    ...(created === null ? {} : { createdAt: created * 1000 }),
    ...(isView || updated === null || !showsChanges ? {} : { changed: { time: updated * 1000 + TIME_STEP_MS, mark } }),
  };
}

function tableFacts(schema: string): Statement<z.infer<typeof factRow>> {
  return {
    sql: `SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine,
  COALESCE(CREATE_OPTIONS LIKE '%partitioned%', 0) AS isPartitioned, TABLE_ROWS AS tableRows, DATA_LENGTH + INDEX_LENGTH AS bytes,
  UNIX_TIMESTAMP(CREATE_TIME) AS created, UNIX_TIMESTAMP(UPDATE_TIME) AS updated, UNIX_TIMESTAMP(NOW(6)) AS asOf
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND CAST(TABLE_SCHEMA AS BINARY) = CAST(? AS BINARY) AND TABLE_TYPE <> 'SEQUENCE'`,
    values: [schema, schema],
    row: factRow,
  };
}
