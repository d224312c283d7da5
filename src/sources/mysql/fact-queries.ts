import { z } from 'zod';
import type { Statement } from '../common/statement.js';
import { IS_AMONG, IS_SCHEMA, valuesOf, type Names } from './name-conditions.js';
import type { ServerVersion } from './server-version.js';

const text = z.string();
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
