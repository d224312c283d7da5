/**
 * The catalogue statements. Each reads a whole schema; rows of tables come in binary order of the table's name, so that
 * several of them can be read side by side. Names are compared as bytes in addition to the plain comparison (which lets
 * the server open only one schema), since information_schema ignores case and accents. Columns are aliased: otherwise
 * MySQL 8 returns upper case.
 */
import { z } from 'zod';
import type { ServerVersion } from './server-version.js';
import type { Statement } from '../common/statement.js';

const text = z.string();
const count = z.coerce.number();

/** `column` equals the schema exactly. */
const IS_SCHEMA = (column: string): string => `${column} = ? AND CAST(${column} AS BINARY) = CAST(? AS BINARY)`;
/** After a position; `''` comes before every name. */
const IS_BEHIND = (column: string): string => `CAST(${column} AS BINARY) > CAST(? AS BINARY)`;

/** Names that are read: those after `after`, up to and including `until` if given. */
export interface Names {
  readonly after: string;
  readonly until?: string | undefined;
}
const IS_AMONG = (column: string, { until }: Names): string =>
  IS_BEHIND(column) + (until === undefined ? '' : ` AND CAST(${column} AS BINARY) <= CAST(? AS BINARY)`);
const valuesOf = (schema: string, { after, until }: Names): string[] => [
  schema,
  schema,
  after,
  ...(until === undefined ? [] : [until]),
];

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

const factBase = { tableName: text, name: text };
const factRow = z.discriminatedUnion('fact', [
  /** A member of a primary key or unique index; `columnName` is null for an index over an expression. */
  z.object({ ...factBase, fact: z.literal('key'), columnName: text.nullable() }),
  z.object({
    ...factBase,
    fact: z.literal('reference'),
    columnName: text,
    referredSchema: text,
    referredTable: text,
    referredColumn: text,
  }),
  /** A check constraint that restricts a column to JSON; `name` is the constraint's. */
  z.object({ ...factBase, fact: z.literal('json'), body: text }),
  /** `name` is the method, `body` the expression. */
  z.object({ ...factBase, fact: z.literal('partition'), body: text.nullable() }),
  /** `name` is the check option. */
  z.object({
    ...factBase,
    fact: z.literal('view'),
    definer: text,
    security: text,
    algorithm: text.nullable(),
    body: text.nullable(),
  }),
]);
export type FactRow = z.infer<typeof factRow>;
export type FactOf<Fact extends FactRow['fact']> = Extract<FactRow, { fact: Fact }>;

/** What the branches of `facts` have in common; each fills those that apply. */
const FACT_FIELDS = [
  'columnName',
  'referredSchema',
  'referredTable',
  'referredColumn',
  'definer',
  'security',
  'algorithm',
  'body',
] as const;
type FactFields = Partial<Record<(typeof FACT_FIELDS)[number], string>>;

/**
 * One branch of `facts`: `name` and the fields are columns of the view `from`. All strings get one character set,
 * because MySQL 8 can't union them otherwise.
 */
function factBranch(
  fact: FactRow['fact'],
  { name, position = '0', fields }: { name: string; position?: string; fields: FactFields },
  { from, where = '1 = 1', schemaColumn = 'TABLE_SCHEMA' }: { from: string; where?: string; schemaColumn?: string },
  names: Names
): string {
  const utf8 = (column: string): string => `CONVERT(${column} USING utf8mb4)`;
  const selected = FACT_FIELDS.map((field) => {
    const column = fields[field];
    return `${column === undefined ? 'NULL' : utf8(column)} AS ${field}`;
  });
  return `SELECT ${utf8('TABLE_NAME')} AS tableName, '${fact}' AS fact, ${utf8(name)} AS name, ${position} AS position,
  ${selected.join(', ')}
FROM information_schema.${from} WHERE ${IS_SCHEMA(schemaColumn)} AND ${IS_AMONG('TABLE_NAME', names)} AND ${where}`;
}

/**
 * Everything tables have besides columns, in one statement and one order: keys, foreign keys, JSON checks, partitions,
 * views' SQL. One statement instead of five keeps a reader at three connections.
 */
export function facts(
  schema: string,
  names: Names,
  version: ServerVersion,
  { includeViews }: { readonly includeViews: boolean }
): Statement<FactRow> {
  const branches = [
    factBranch(
      'key',
      { name: 'INDEX_NAME', position: 'SEQ_IN_INDEX', fields: { columnName: 'COLUMN_NAME' } },
      { from: 'STATISTICS', where: 'NON_UNIQUE = 0' },
      names
    ),
    factBranch(
      'partition',
      { name: 'PARTITION_METHOD', fields: { body: 'PARTITION_EXPRESSION' } },
      {
        from: 'PARTITIONS',
        where:
          'PARTITION_ORDINAL_POSITION = 1 AND COALESCE(SUBPARTITION_ORDINAL_POSITION, 1) = 1 AND PARTITION_METHOD IS NOT NULL',
      },
      names
    ),
    factBranch(
      'reference',
      {
        name: 'CONSTRAINT_NAME',
        position: 'ORDINAL_POSITION',
        fields: {
          columnName: 'COLUMN_NAME',
          referredSchema: 'REFERENCED_TABLE_SCHEMA',
          referredTable: 'REFERENCED_TABLE_NAME',
          referredColumn: 'REFERENCED_COLUMN_NAME',
        },
      },
      { from: 'KEY_COLUMN_USAGE', where: 'REFERENCED_TABLE_NAME IS NOT NULL' },
      names
    ),
  ];
  const isMariadb = version.flavour === 'MariaDB';
  if (isMariadb) {
    branches.push(
      factBranch(
        'json',
        { name: 'CONSTRAINT_NAME', fields: { body: 'CHECK_CLAUSE' } },
        { from: 'CHECK_CONSTRAINTS', where: "CHECK_CLAUSE LIKE 'json_valid(%'", schemaColumn: 'CONSTRAINT_SCHEMA' },
        names
      )
    );
  }
  if (includeViews) {
    const algorithm = isMariadb ? { algorithm: 'ALGORITHM' } : {};
    const fields = { definer: 'DEFINER', security: 'SECURITY_TYPE', body: 'VIEW_DEFINITION', ...algorithm };
    branches.push(factBranch('view', { name: 'CHECK_OPTION', fields }, { from: 'VIEWS' }, names));
  }
  return {
    sql: `SELECT * FROM (\n${branches.join('\nUNION ALL\n')}\n) AS facts ORDER BY CAST(tableName AS BINARY), fact, name, position`,
    values: branches.flatMap(() => valuesOf(schema, names)),
    row: factRow,
  };
}

const referredRow = z.object({ referredSchema: text, otherKeys: count });
export type ReferredRow = z.infer<typeof referredRow>;

/**
 * The schemas that this schema's foreign keys refer to. `otherKeys` 1: not only to primary keys, so uniqueness there
 * has to be looked up.
 */
export function referredSchemas(schema: string): Statement<ReferredRow> {
  return {
    sql: `SELECT CAST(UNIQUE_CONSTRAINT_SCHEMA AS BINARY) AS referredSchema, MAX(COALESCE(UNIQUE_CONSTRAINT_NAME, '') <> 'PRIMARY') AS otherKeys
FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${IS_SCHEMA('CONSTRAINT_SCHEMA')}
GROUP BY CAST(UNIQUE_CONSTRAINT_SCHEMA AS BINARY)`,
    values: [schema, schema],
    row: referredRow,
  };
}

const looseReferenceRow = z.object({ tableName: text, name: text });

/** Foreign keys of `schema` that refer to a non-unique index of `referredSchema` (InnoDB allows that). */
export function looseReferences(schema: string, referredSchema: string): Statement<z.infer<typeof looseReferenceRow>> {
  return {
    sql: `SELECT reference.TABLE_NAME AS tableName, reference.CONSTRAINT_NAME AS name
FROM information_schema.REFERENTIAL_CONSTRAINTS AS reference
LEFT JOIN information_schema.STATISTICS AS referred
  ON referred.TABLE_SCHEMA = ? AND referred.SEQ_IN_INDEX = 1 AND referred.NON_UNIQUE = 1
  AND CAST(referred.TABLE_NAME AS BINARY) = CAST(reference.REFERENCED_TABLE_NAME AS BINARY)
  AND referred.INDEX_NAME = reference.UNIQUE_CONSTRAINT_NAME
WHERE ${IS_SCHEMA('reference.CONSTRAINT_SCHEMA')} AND ${IS_SCHEMA('reference.UNIQUE_CONSTRAINT_SCHEMA')}
  AND (reference.UNIQUE_CONSTRAINT_NAME IS NULL OR referred.INDEX_NAME IS NOT NULL)`,
    values: [referredSchema, schema, schema, referredSchema, referredSchema],
    row: looseReferenceRow,
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
