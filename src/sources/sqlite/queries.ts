/** The catalogue statements: a page of objects each, in binary order of their names. */
import { z } from 'zod';
import type { SqliteStatement } from './connection.js';

/** Tables and views in one page: bounds both memory and the time the thread is held. */
export const PAGE_SIZE = 200;

const NAMES = 'SELECT value FROM json_each(?)';

/**
 * A text of the schema, of which SQLite keeps whatever bytes it was given: on one that isn't UTF-8 the library aborts
 * the process, so it is read as bytes. (Of UTF-16 SQLite makes UTF-8 by itself.)
 */
export function schemaText(expression: string): string {
  return `CASE (SELECT encoding FROM pragma_encoding) WHEN 'UTF-8' THEN CAST(${expression} AS BLOB) ELSE ${expression} END`;
}

/** What `schemaText` gives; what isn't UTF-8 is U+FFFD. */
export const schemaTextCell = z.union([
  z.string(),
  z.instanceof(ArrayBuffer).transform((bytes) => Buffer.from(bytes).toString('utf8')),
]);

/** By such a name nothing can be asked for. */
export function isBrokenName(name: string): boolean {
  return name.includes('\uFFFD');
}

const objectRow = z.object({ name: schemaTextCell, type: z.string(), sql: schemaTextCell.nullable() });
export type ObjectRow = z.infer<typeof objectRow>;

/**
 * Tables, virtual tables and views after `after`, up to `until` if given. SQLite's own tables and the inner ones of
 * virtual tables are left out.
 */
export function objects(after: string, until?: string): SqliteStatement<ObjectRow> {
  return {
    sql: `SELECT ${schemaText('listed.name')} AS name, listed.type, ${schemaText('kept.sql')} AS sql FROM pragma_table_list AS listed
JOIN sqlite_schema AS kept ON kept.name = listed.name AND kept.type IN ('table', 'view')
WHERE listed.schema = 'main' AND listed.type IN ('table', 'view', 'virtual') AND listed.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND listed.name > ?${until === undefined ? '' : ' AND listed.name <= ?'}
ORDER BY listed.name LIMIT ${PAGE_SIZE}`,
    values: until === undefined ? [after] : [after, until],
    row: objectRow,
  };
}

/** The names alone, in the order of `objects`. */
export function objectNames(): SqliteStatement<{ name: string }> {
  return {
    sql: `SELECT ${schemaText('name')} AS name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY pragma_table_list.name`,
    values: [],
    row: z.object({ name: schemaTextCell }),
  };
}

const columnRow = z.object({
  tableName: z.string(),
  name: schemaTextCell,
  type: schemaTextCell,
  notNull: z.number(),
  keyPosition: z.number(),
});
export type ColumnRow = z.infer<typeof columnRow>;

/**
 * Columns of the named objects; including generated ones, but not the hidden ones of virtual tables. Fails when one of
 * them is a broken view.
 */
export function columns(names: readonly string[]): SqliteStatement<ColumnRow> {
  return {
    sql: `SELECT named.value AS tableName, ${schemaText('info.name')} AS name, ${schemaText('info.type')} AS type, info."notnull" AS "notNull", info.pk AS keyPosition
FROM (${NAMES}) AS named JOIN pragma_table_xinfo(named.value) AS info WHERE info.hidden <> 1
ORDER BY named.value, info.cid`,
    values: [JSON.stringify(names)],
    row: columnRow,
  };
}

const uniqueRow = z.object({
  tableName: z.string(),
  indexName: schemaTextCell,
  columnName: schemaTextCell.nullable(),
});

/** Members of unique constraints and whole (not partial) unique indexes. */
export function uniqueKeys(names: readonly string[]): SqliteStatement<z.infer<typeof uniqueRow>> {
  return {
    sql: `SELECT named.value AS tableName, ${schemaText('list.name')} AS indexName, ${schemaText('member.name')} AS columnName
FROM (${NAMES}) AS named JOIN pragma_index_list(named.value) AS list JOIN pragma_index_info(list.name) AS member
WHERE list."unique" = 1 AND list.origin <> 'pk' AND list.partial = 0
ORDER BY named.value, list.seq DESC, member.seqno`,
    values: [JSON.stringify(names)],
    row: uniqueRow,
  };
}

const referenceRow = z.object({
  tableName: z.string(),
  id: z.number(),
  columnName: schemaTextCell,
  referredTable: schemaTextCell,
  /** Null: the referred table's primary key. */
  referredColumn: schemaTextCell.nullable(),
});
export type ReferenceRow = z.infer<typeof referenceRow>;

/** Foreign keys. The referred table gets the spelling of its own definition. */
export function references(names: readonly string[]): SqliteStatement<ReferenceRow> {
  return {
    sql: `SELECT named.value AS tableName, list.id, ${schemaText('list."from"')} AS columnName,
  ${schemaText('COALESCE(kept.name, list."table")')} AS referredTable,
  ${schemaText('COALESCE(list."to", (SELECT info.name FROM pragma_table_xinfo(list."table") AS info WHERE info.pk = list.seq + 1))')} AS referredColumn
FROM (${NAMES}) AS named JOIN pragma_foreign_key_list(named.value) AS list
LEFT JOIN sqlite_schema AS kept ON kept.type = 'table' AND kept.name = list."table" COLLATE NOCASE
ORDER BY named.value, list.id DESC, list.seq`,
    values: [JSON.stringify(names)],
    row: referenceRow,
  };
}

const countRow = z.object({ count: z.number() });

export function countObjects(): SqliteStatement<z.infer<typeof countRow>> {
  return {
    sql: `SELECT COUNT(*) AS count FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    values: [],
    row: countRow,
  };
}

const nameRow = z.object({ name: z.string() });

/** Of `names`, the tables and views that are there now. */
export function existing(names: readonly string[]): SqliteStatement<z.infer<typeof nameRow>> {
  return {
    sql: `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name IN (${NAMES})`,
    values: [JSON.stringify(names)],
    row: nameRow,
  };
}

export function libraryVersion(): SqliteStatement<{ version: string }> {
  return { sql: 'SELECT sqlite_version() AS version', values: [], row: z.object({ version: z.string() }) };
}
