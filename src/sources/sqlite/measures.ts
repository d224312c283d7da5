import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { MeasureOptions, MeasureSession, MeasureSource, SchemaFacts, TableFacts } from '../measures.js';
import type { SourceContext } from '../source.js';
import type { SqliteConnectionConfig } from './config.js';
import { SqliteConnection, readOnlyUri } from './connection.js';
import { schemaText, schemaTextCell } from './queries.js';
import { sqliteMeasureDialect } from './measure-dialect.js';
import { SqliteMeasureSession } from './measure-session.js';

export async function openSqliteMeasures(
  config: SqliteConnectionConfig,
  context: SourceContext,
  { statementTimeoutMs }: MeasureOptions
): Promise<MeasureSource> {
  const connection = await SqliteConnection.open(config, context);
  return {
    dialect: sqliteMeasureDialect,
    facts: () => readFacts(connection),
    session: async (own: SourceContext): Promise<MeasureSession> =>
      new SqliteMeasureSession(connection.file, readOnlyUri(connection.file), own, statementTimeoutMs),
    // Statements run in processes that end with the worker that started them.
    endLost: async () => 0,
    close: async () => connection.close(),
  };
}

/** A file only shows changes as a whole. Rows are not counted for free. */
async function readFacts(connection: SqliteConnection): Promise<SchemaFacts> {
  const asOf = Date.now();
  const mark = await fileMark(connection.file);
  const rows = connection.all({
    sql: `SELECT ${schemaText('name')} AS name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    values: [],
    row: z.object({ name: schemaTextCell, type: z.string() }),
  });
  const tables = new Map<string, TableFacts>();
  // A view reads tables of the same file: it can't change without the file's mark.
  for (const { name, type } of rows) tables.set(name, { table: name, isView: type === 'view', changed: { mark } });
  return { asOf, tables, areAll: true };
}

/**
 * Of the file and its log: a writer in rollback mode moves the change counter in the header and the time, one in WAL
 * mode the log. An empty log counts as none, since opening the file may create one.
 */
async function fileMark(file: string): Promise<string> {
  const main = await stat(file, { bigint: true });
  const wal = await stat(`${file}-wal`, { bigint: true }).catch(() => undefined);
  const log = wal === undefined || wal.size === 0n ? '' : ` ${wal.size} ${wal.mtimeNs}`;
  return `${main.ino} ${main.size} ${main.mtimeNs} ${await changeCounter(file)}${log}`;
}

/** sqlite.org/fileformat.html, "File change counter": four bytes at 24. */
async function changeCounter(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 24);
    return bytesRead === 4 ? buffer.readUInt32BE(0) : 0;
  } finally {
    await handle.close();
  }
}
