import {
  columnFqn,
  entityFqn,
  quoteName,
  rewriteColumnName,
  splitFqn,
  type ColumnConstraint,
  type RelationshipType,
  type TableConstraint,
} from '../openmetadata/index.js';
import type { SourceForeignKey, SourceTable } from '../sources/index.js';

/** A table's place: the names that a referred table may leave out. */
export interface TablePlace {
  readonly service: string;
  readonly database: string;
  readonly schema: string;
}

/** A foreign key as a constraint, with the FQN of the table it needs on the server. */
export interface ForeignKeyConstraint {
  readonly referredTable: string;
  readonly constraint: TableConstraint;
  /** How names of the referred columns are compared with the catalog's; exactly when absent. */
  readonly columnCase?: 'any' | 'ascii';
}

/**
 * Constraint of a column: PRIMARY_KEY of a one-column primary key, UNIQUE of a one-column unique key, else NOT_NULL or
 * NULL. The members of a composite key don't get the key's constraint.
 */
export function columnConstraint(table: SourceTable, column: { name: string; nullable: boolean }): ColumnConstraint {
  const isWholeKey = (key: readonly string[] | undefined): boolean => key?.length === 1 && key[0] === column.name;
  if (isWholeKey(table.primaryKey)) return 'PRIMARY_KEY';
  if ((table.uniqueKeys ?? []).some(isWholeKey)) return 'UNIQUE';
  return column.nullable ? 'NULL' : 'NOT_NULL';
}

/** Composite primary and unique keys. Keys that name a column the table doesn't have are dropped. */
export function keyConstraints(table: SourceTable): TableConstraint[] {
  const hasColumns = columnCheck(table);
  const composite = (key: readonly string[]): boolean => key.length > 1 && hasColumns(key);
  const constraints: TableConstraint[] = [];
  if (table.primaryKey !== undefined && composite(table.primaryKey)) {
    constraints.push({ constraintType: 'PRIMARY_KEY', columns: table.primaryKey.map(rewriteColumnName) });
  }
  for (const key of (table.uniqueKeys ?? []).filter(composite)) {
    constraints.push({ constraintType: 'UNIQUE', columns: key.map(rewriteColumnName) });
  }
  return constraints;
}

export function foreignKeyConstraints(table: SourceTable, place: TablePlace): ForeignKeyConstraint[] {
  const hasColumns = columnCheck(table);
  return (table.foreignKeys ?? [])
    .filter((key) => hasColumns(key.columns))
    .map((key) => {
      const { database = place.database, schema, table: referred, columns, columnCase } = key.referred;
      const referredTable = entityFqn(place.service, database, schema, referred);
      return {
        referredTable,
        ...(columnCase === undefined ? {} : { columnCase }),
        constraint: {
          constraintType: 'FOREIGN_KEY',
          columns: key.columns.map(rewriteColumnName),
          referredColumns: columns.map((column) => columnFqn(referredTable, column)),
          relationshipType: relationship(table, key),
        },
      };
    });
}

/**
 * The constraint with the referred columns as the catalog spells them.
 * @param columns names of the referred table's columns in the catalog
 * @returns the name of the first column that it lacks, if there is one
 */
export function resolveColumns(
  { referredTable, constraint, columnCase }: ForeignKeyConstraint,
  columns: readonly string[]
): { readonly constraint: TableConstraint } | { readonly missing: string } {
  const fold = FOLDS[columnCase ?? 'exact'];
  const referredColumns: string[] = [];
  for (const fqn of constraint.referredColumns ?? []) {
    const wanted = splitFqn(fqn).at(-1) ?? '';
    const found = columns.includes(wanted) ? wanted : columns.find((name) => fold(name) === fold(wanted));
    if (found === undefined) return { missing: wanted };
    referredColumns.push(`${referredTable}.${quoteName(found)}`);
  }
  return { constraint: { ...constraint, referredColumns } };
}

const FOLDS = {
  exact: (name: string) => name,
  any: (name: string) => name.toLowerCase(),
  ascii: (name: string) => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
} as const;

/** Tells whether the table has these columns. For most tables nobody asks, so the set is only built on demand. */
function columnCheck(table: SourceTable): (columns: readonly string[]) => boolean {
  let known: Set<string> | undefined;
  return (columns) => {
    const names = (known ??= new Set(table.columns.map((column) => column.name)));
    return columns.every((column) => names.has(column));
  };
}

/**
 * From uniqueness on either side: unique on both sides is one to one, only on the other side many to one, and so on.
 */
function relationship(table: SourceTable, key: SourceForeignKey): RelationshipType {
  const keys = [...(table.primaryKey === undefined ? [] : [table.primaryKey]), ...(table.uniqueKeys ?? [])];
  const uniqueHere = keys.some((each) => sameSet(each, key.columns));
  const uniqueThere = key.referred.unique ?? true;
  return `${uniqueHere ? 'ONE' : 'MANY'}_TO_${uniqueThere ? 'ONE' : 'MANY'}`;
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each) => right.includes(each));
}
