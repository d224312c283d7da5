import type { SourceColumn, SourceForeignKey, SourceTable } from '../records.js';
import { partitionOf } from './partitions.js';
import type { FactOf, FactRow } from './fact-queries.js';
import type { ColumnRow, TableRow } from './queries.js';
import { quotedNames } from './quoted-name.js';
import { mapColumnType } from './type-map.js';

/** The catalogue rows of one table or view. */
export interface TableRows {
  readonly table: TableRow;
  readonly columns: readonly ColumnRow[];
  readonly facts: readonly FactRow[];
  /** Names of the foreign keys that refer to columns that aren't unique. */
  readonly looseKeys: ReadonlySet<string>;
  /** The view's SQL, or the DDL. */
  readonly definition?: string | undefined;
}

/** VIEW and SYSTEM VIEW (information_schema's own) are views; BASE TABLE and SYSTEM VERSIONED are tables. */
export function isView(table: TableRow): boolean {
  return table.tableType.endsWith('VIEW');
}

/** Combines a table's rows. Columns of unknown types are kept, with a warning. */
export function buildTable(rows: TableRows): SourceTable {
  const warnings: string[] = [];
  const columns = buildColumns(rows.columns, jsonColumns(rows.facts), warnings);
  const keys = keysOf(rows.facts);
  const primaryKey = keys.get('PRIMARY');
  const uniqueKeys = [...keys].filter(([name]) => name !== 'PRIMARY').map(([, members]) => members);
  const foreignKeys = foreignKeysOf(rows.facts, rows.looseKeys);
  const partitionFact = rows.facts.find((fact) => fact.fact === 'partition');
  const partition = partitionFact === undefined ? undefined : partitionOf(partitionFact, columns, primaryKey);
  const description = tableDescription(rows.table);
  const tableType = isView(rows.table) ? 'View' : partitionFact === undefined ? 'Regular' : 'Partitioned';
  return {
    kind: 'table',
    name: rows.table.tableName,
    tableType,
    columns,
    ...(description === '' ? {} : { description }),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    ...(uniqueKeys.length === 0 ? {} : { uniqueKeys }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys }),
    ...(partition === undefined ? {} : { partition }),
    ...(rows.definition === undefined ? {} : { definition: rows.definition }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function buildColumns(rows: readonly ColumnRow[], json: ReadonlySet<string>, warnings: string[]): SourceColumn[] {
  return rows.map((row) => {
    const isJson = json.has(row.name) && row.columnType.toLowerCase() === 'longtext';
    const { dataType, dataTypeDisplay, dataLength, precision, scale, warning } = mapColumnType(row.columnType, isJson);
    if (warning !== undefined) warnings.push(`column ${row.name}: ${warning}`);
    // set key by key: spreading takes several times as long, and a run reads more columns than anything else
    const column: { -readonly [K in keyof SourceColumn]: SourceColumn[K] } = {
      name: row.name,
      dataType,
      dataTypeDisplay,
      dataLength,
      nullable: row.nullable === 'YES',
    };
    if (precision !== undefined) column.precision = precision;
    if (scale !== undefined) column.scale = scale;
    if (row.comment !== '') column.description = row.comment;
    return column;
  });
}

/** MariaDB's JSON type is longtext with the column's own check `json_valid(column)`, which has the column's name. */
function jsonColumns(facts: readonly FactRow[]): Set<string> {
  const names = facts
    .filter((fact) => fact.fact === 'json')
    .filter((fact) => /^json_valid\(`(?:[^`]|``)+`\)$/i.test(fact.body) && quotedNames(fact.body)[0] === fact.name)
    .map((fact) => fact.name);
  return new Set(names);
}

/** Primary key and unique indexes by name, members in order. An index over an expression isn't a key. */
function keysOf(facts: readonly FactRow[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  const overExpressions = new Set<string>();
  for (const fact of facts) {
    if (fact.fact !== 'key') continue;
    if (fact.columnName === null) overExpressions.add(fact.name);
    else keys.set(fact.name, [...(keys.get(fact.name) ?? []), fact.columnName]);
  }
  for (const name of overExpressions) keys.delete(name);
  return keys;
}

function foreignKeysOf(facts: readonly FactRow[], looseKeys: ReadonlySet<string>): SourceForeignKey[] {
  const byName = new Map<string, FactOf<'reference'>[]>();
  for (const fact of facts) {
    if (fact.fact === 'reference') byName.set(fact.name, [...(byName.get(fact.name) ?? []), fact]);
  }
  return [...byName].flatMap(([name, members]) => {
    const first = members[0];
    if (first === undefined) return [];
    return {
      columns: members.map((member) => member.columnName),
      referred: {
        schema: first.referredSchema,
        table: first.referredTable,
        columns: members.map((member) => member.referredColumn),
        unique: !looseKeys.has(name),
        columnCase: 'any',
      },
    };
  });
}

/**
 * Views have no comment of their own (the catalogue says VIEW), old InnoDB appends its free space, and a broken table
 * shows its error.
 */
function tableDescription(table: TableRow): string {
  if (isView(table) || table.engine === null) return '';
  return table.comment.replace(/(?:^|; )InnoDB free: [^;]*$/, '');
}
