import type { SourceColumn, SourceForeignKey, SourceTable } from '../records.js';
import type { MetadataOptions } from '../source.js';
import { tableComments, viewComment } from './comments.js';
import type { ColumnRow, ObjectRow, ReferenceRow } from './queries.js';
import { mapDeclaredType } from './type-map.js';

export interface UniqueKeyRow {
  readonly indexName: string;
  /** Null for a member that is an expression. */
  readonly columnName: string | null;
}

/** The catalogue rows of a page of tables, by table. */
export interface PageRows {
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>;
  readonly uniqueKeys: ReadonlyMap<string, readonly UniqueKeyRow[]>;
  readonly references: ReadonlyMap<string, readonly ReferenceRow[]>;
}

/** Puts a table or view together. Descriptions are the comments in its CREATE statement. */
export function buildTable(object: ObjectRow, rows: PageRows, schema: string, options: MetadataOptions): SourceTable {
  const isView = object.type === 'view';
  const columnRows = rows.columns.get(object.name) ?? [];
  const comments = object.type === 'table' && object.sql !== null ? tableComments(object.sql) : undefined;
  const description = isView && object.sql !== null ? viewComment(object.sql) : comments?.table;
  const primaryKey = primaryKeyOf(columnRows);
  const uniqueKeys = uniqueKeysOf(rows.uniqueKeys.get(object.name) ?? []);
  const foreignKeys = foreignKeysOf(rows.references.get(object.name) ?? [], schema);
  return {
    kind: 'table',
    name: object.name,
    tableType: isView ? 'View' : 'Regular',
    ...(description === undefined ? {} : { description }),
    columns: columnRows.map((row, index) => buildColumn(row, comments?.columns.get(index))),
    ...(primaryKey.length === 0 ? {} : { primaryKey }),
    ...(uniqueKeys.length === 0 ? {} : { uniqueKeys }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys }),
    ...(object.sql !== null && (isView || options.includeDDL) ? { definition: object.sql } : {}),
  };
}

function buildColumn(row: ColumnRow, description: string | undefined): SourceColumn {
  return {
    name: row.name,
    ...mapDeclaredType(row.type),
    ...(description === undefined ? {} : { description }),
    nullable: row.notNull === 0 && row.keyPosition === 0,
  };
}

function primaryKeyOf(columns: readonly ColumnRow[]): string[] {
  return columns
    .filter((column) => column.keyPosition > 0)
    .sort((left, right) => left.keyPosition - right.keyPosition)
    .map((column) => column.name);
}

function uniqueKeysOf(rows: readonly UniqueKeyRow[]): string[][] {
  const keys = new Map<string, string[]>();
  const overExpressions = new Set<string>();
  for (const { indexName, columnName } of rows) {
    if (columnName === null) overExpressions.add(indexName);
    else keys.set(indexName, [...(keys.get(indexName) ?? []), columnName]);
  }
  return [...keys].filter(([name]) => !overExpressions.has(name)).map(([, members]) => members);
}

/** SQLite demands that the referred columns are a key. A reference to nothing that exists is left out. */
function foreignKeysOf(rows: readonly ReferenceRow[], schema: string): SourceForeignKey[] {
  const keys = new Map<number, ReferenceRow[]>();
  for (const row of rows) keys.set(row.id, [...(keys.get(row.id) ?? []), row]);
  return [...keys.values()].flatMap((members) => {
    const table = members[0]?.referredTable;
    const columns = members.flatMap((member) => member.referredColumn ?? []);
    if (table === undefined || columns.length < members.length) return [];
    return {
      columns: members.map((member) => member.columnName),
      referred: { schema, table, columns, columnCase: 'ascii' },
    };
  });
}
