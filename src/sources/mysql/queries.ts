/**
 * The catalogue statements. Each reads a whole schema; rows of tables come in binary order of the table's name, so that
 * several of them can be read side by side. Columns are aliased: otherwise MySQL 8 returns upper case.
 */
import { z } from 'zod';
import type { Statement } from '../common/statement.js';
import { IS_AMONG, IS_BEHIND, IS_SCHEMA, valuesOf, type Names } from './name-conditions.js';

const text = z.string();
const count = z.coerce.number();

const schemaRow = z.object({ name: text, comment: text.nullable() });
export type SchemaRow = z.infer<typeof schemaRow>;

/** Every schema that this user sees. Only MariaDB 10.5 and later keep comments of schemas. */
export function schemas(hasComments: boolean): Statement<SchemaRow> {
  const comment = hasComments ? 'SCHEMA_COMMENT' : 'NULL';
  return {
    sql: `SELECT SCHEMA_NAME AS name, ${comment} AS comment FROM information_schema.SCHEMATA ORDER BY CAST(SCHEMA_NAME AS BINARY)`,
    values: [],
    row: schemaRow,
  };
}

/** The one schema of this name, if this user sees it. */
export function schemaByName(schema: string): Statement<SchemaRow> {
  return {
    sql: `SELECT SCHEMA_NAME AS name, NULL AS comment FROM information_schema.SCHEMATA WHERE ${IS_SCHEMA('SCHEMA_NAME')}`,
    values: [schema, schema],
    row: schemaRow,
  };
}

const weightRow = z.object({ name: text, weight: count });

/** Tables and routines of each schema, counted. */
export function weights(): Statement<z.infer<typeof weightRow>> {
  return {
    sql: `SELECT name, COUNT(*) AS weight FROM (
  SELECT CAST(TABLE_SCHEMA AS BINARY) AS name FROM information_schema.TABLES
  UNION ALL SELECT CAST(ROUTINE_SCHEMA AS BINARY) FROM information_schema.ROUTINES
) AS objects GROUP BY name`,
    values: [],
    row: weightRow,
  };
}

const tableRow = z.object({ tableName: text, tableType: text, engine: text.nullable(), comment: text });
export type TableRow = z.infer<typeof tableRow>;

/** Sequences aren't tables; temporary tables belong to other sessions. */
const IS_TABLE = "TABLE_TYPE NOT IN ('SEQUENCE', 'TEMPORARY', 'LOCAL TEMPORARY', 'TEMPORARY SEQUENCE')";

/** Tables and views. */
export function tables(schema: string, names: Names): Statement<TableRow> {
  return {
    sql: `SELECT TABLE_NAME AS tableName, TABLE_TYPE AS tableType, ENGINE AS engine, COALESCE(TABLE_COMMENT, '') AS comment
FROM information_schema.TABLES
WHERE ${IS_SCHEMA('TABLE_SCHEMA')} AND ${IS_AMONG('TABLE_NAME', names)}
  AND ${IS_TABLE}
ORDER BY CAST(TABLE_NAME AS BINARY)`,
    values: valuesOf(schema, names),
    row: tableRow,
  };
}

/** The names alone, in the order of `tables`. */
export function tableNames(schema: string): Statement<{ name: string }> {
  return {
    sql: `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE ${IS_SCHEMA('TABLE_SCHEMA')} AND ${IS_TABLE}
ORDER BY CAST(TABLE_NAME AS BINARY)`,
    values: [schema, schema],
    row: z.object({ name: text }),
  };
}

const columnRow = z.object({ tableName: text, name: text, columnType: text, nullable: text, comment: text });
export type ColumnRow = z.infer<typeof columnRow>;

export function columns(schema: string, names: Names): Statement<ColumnRow> {
  return {
    sql: `SELECT TABLE_NAME AS tableName, COLUMN_NAME AS name, COLUMN_TYPE AS columnType, IS_NULLABLE AS nullable, COLUMN_COMMENT AS comment
FROM information_schema.COLUMNS
WHERE ${IS_SCHEMA('TABLE_SCHEMA')} AND ${IS_AMONG('TABLE_NAME', names)}
ORDER BY CAST(TABLE_NAME AS BINARY), ORDINAL_POSITION`,
    values: valuesOf(schema, names),
    row: columnRow,
  };
}

const routineRow = z.object({ name: text, type: text, language: text, comment: text, body: text.nullable() });
export type RoutineRow = z.infer<typeof routineRow>;

/** Procedures and functions after `after`; a procedure comes before a function of the same name. */
export function routines(schema: string, after: string): Statement<RoutineRow> {
  return {
    sql: `SELECT ROUTINE_NAME AS name, ROUTINE_TYPE AS type, ROUTINE_BODY AS language, ROUTINE_COMMENT AS comment, ROUTINE_DEFINITION AS body
FROM information_schema.ROUTINES
WHERE ${IS_SCHEMA('ROUTINE_SCHEMA')} AND ${IS_BEHIND('ROUTINE_NAME')} AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION')
ORDER BY CAST(ROUTINE_NAME AS BINARY), ROUTINE_TYPE DESC`,
    values: [schema, schema, after],
    row: routineRow,
  };
}

const nameRow = z.object({ name: text });

/** Those of `names` that exist now as tables or routines. */
export function existing(
  schema: string,
  entity: 'table' | 'procedure',
  names: readonly string[]
): Statement<{ name: string }> {
  const sql =
    entity === 'table'
      ? `SELECT TABLE_NAME AS name FROM information_schema.TABLES
WHERE ${IS_SCHEMA('TABLE_SCHEMA')} AND TABLE_TYPE <> 'SEQUENCE' AND TABLE_NAME IN (?)`
      : `SELECT ROUTINE_NAME AS name FROM information_schema.ROUTINES
WHERE ${IS_SCHEMA('ROUTINE_SCHEMA')} AND ROUTINE_TYPE IN ('PROCEDURE', 'FUNCTION') AND ROUTINE_NAME IN (?)`;
  return { sql, values: [schema, schema, names], row: nameRow };
}

/** `lower_case_table_names`: 0 distinguishes upper and lower case, 1 and 2 don't. */
export function nameCase(): Statement<{ value: number }> {
  return { sql: 'SELECT @@lower_case_table_names AS value', values: [], row: z.object({ value: count }) };
}
