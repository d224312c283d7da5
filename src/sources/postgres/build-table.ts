import type { ColumnDataType, TableType } from '../../openmetadata/index.js';
import { tagFault } from '../common/tag-fault.js';
import type { SourceColumn, SourcePartition, SourceTable } from '../records.js';
import type { ColumnFacts, TableRow, TypeRow } from './queries.js';
import { quoteIdentifier } from '../common/quoted-name.js';
import { mapType, refusesNull, TIMES, type MappedType } from './type-map.js';

/** What the tables of one read have in common. */
export interface TableFrame {
  readonly schema: string;
  /** Types that aren't the server's own. */
  readonly types: ReadonlyMap<number, TypeRow>;
  /** Classification of the tags that policies become. */
  readonly classification: string;
  readonly includeDDL: boolean;
  readonly includeOwners: boolean;
}

const TABLE_TYPES: Readonly<Record<TableRow['kind'], TableType>> = {
  r: 'Regular',
  p: 'Partitioned',
  f: 'Foreign',
  v: 'View',
  m: 'MaterializedView',
};

/** Composite types may be nested; OpenMetadata shows no more levels than this. */
const DEEPEST = 5;

/** Views and materialised views. */
export function isView({ kind }: TableRow): boolean {
  return kind === 'v' || kind === 'm';
}

/** A row of the catalogue as a table. Columns of unknown types are kept, with a warning. */
export function buildTable(row: TableRow, frame: TableFrame): SourceTable {
  const warnings: string[] = [];
  const columns = (row.columns ?? []).map((facts) => {
    const type = mapType(facts[1], facts[2], frame.types);
    if (!type.known) warnings.push(`column ${facts[0]}: its type ${facts[2]} is not known`);
    const column = buildColumn(facts, type, frame, 0);
    // A view's column may be NULL though its domain refuses that: outer joins are not checked.
    return isView(row) ? { ...column, nullable: !facts[3] } : column;
  });
  const keys = row.keys ?? [];
  const primaryKey = keys.find(({ primary }) => primary)?.columns;
  const uniqueKeys = keys.filter(({ primary }) => !primary).map((key) => key.columns);
  const foreignKeys = (row.references ?? []).map((reference) => ({
    columns: reference.columns,
    referred: { schema: reference.schema, table: reference.table, columns: reference.referred },
  }));
  const partition = row.partition === null ? undefined : partitionOf(row.partition, columns);
  const tags = (row.policies ?? []).flatMap((policy) => {
    const tag = { classification: frame.classification, tag: policy };
    const fault = tagFault(tag);
    if (fault !== undefined) warnings.push(`the tag of policy ${policy} is left out: ${fault}`);
    return fault === undefined ? [tag] : [];
  });
  const definition = definitionOf(row, frame);
  return {
    kind: 'table',
    name: row.name,
    tableType: TABLE_TYPES[row.kind],
    columns,
    ...(row.comment === null ? {} : { description: row.comment }),
    ...(frame.includeOwners ? { owner: row.owner } : {}),
    ...(primaryKey === undefined ? {} : { primaryKey }),
    ...(uniqueKeys.length === 0 ? {} : { uniqueKeys }),
    ...(foreignKeys.length === 0 ? {} : { foreignKeys }),
    ...(partition === undefined ? {} : { partition }),
    ...(definition === undefined ? {} : { definition }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function buildColumn(facts: ColumnFacts, type: MappedType, frame: TableFrame, depth: number): SourceColumn {
  const [name, oid, display, notNull, comment] = facts;
  const column: { -readonly [K in keyof SourceColumn]: SourceColumn[K] } = {
    name,
    dataType: type.dataType,
    dataTypeDisplay: withoutSchema(display),
    dataLength: type.dataLength,
    nullable: !notNull && !refusesNull(oid, frame.types),
  };
  if (type.precision !== undefined) column.precision = type.precision;
  if (type.scale !== undefined) column.scale = type.scale;
  if (type.arrayDataType !== undefined) column.arrayDataType = type.arrayDataType;
  if (comment !== null) column.description = comment;
  const attributes = type.composite?.attributes;
  if (attributes !== undefined && attributes !== null && depth < DEEPEST) {
    column.children = attributes.map((each) =>
      buildColumn(each, mapType(each[1], each[2], frame.types), frame, depth + 1)
    );
  }
  return column;
}

/** `public.mood[]` is `mood[]`: this is how users write it. */
function withoutSchema(display: string): string {
  return display.replace(/^(?:"(?:[^"]|"")+"|[\w$]+)\.(?=["\w])/, '');
}

const NUMBERS: ReadonlySet<string> = new Set(['SMALLINT', 'INT', 'BIGINT', 'NUMERIC', 'FLOAT', 'DOUBLE']);

function rangeOver(dataType: ColumnDataType): SourcePartition['columns'][number]['intervalType'] {
  if (NUMBERS.has(dataType)) return 'INTEGER-RANGE';
  return TIMES.has(dataType) ? 'TIME-UNIT' : 'COLUMN-VALUE';
}

/** `RANGE (at)`, `LIST (lower(country))`; names are those of columns in the key, in its order. */
function partitionOf(
  { strategy, key }: NonNullable<TableRow['partition']>,
  columns: readonly SourceColumn[]
): SourcePartition | undefined {
  const words = [...key.replace(/'(?:[^']|'')*'/g, '').matchAll(/"((?:[^"]|"")+)"|([\w$]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain
  );
  const found = [...new Set(words)].flatMap((word) => columns.filter(({ name }) => name === word));
  if (found.length === 0) return undefined;
  return {
    columns: found.map(({ name, dataType }) => ({
      columnName: name,
      intervalType: strategy === 'r' ? rangeOver(dataType) : 'COLUMN-VALUE',
    })),
  };
}

/** A view's SQL; if the recipe asks for it, a table's DDL, composed from what the server prints. */
function definitionOf(row: TableRow, { schema, includeDDL }: TableFrame): string | undefined {
  const name = `${quoteIdentifier(schema)}.${quoteIdentifier(row.name)}`;
  if (isView(row)) {
    if (row.body === null) return undefined;
    return `CREATE ${row.kind === 'm' ? 'MATERIALIZED ' : ''}VIEW ${name} AS\n${row.body}`;
  }
  if (!includeDDL) return undefined;
  const lines = [
    ...(row.columns ?? []).map(([column, , type, , , rest]) => `${quoteIdentifier(column)} ${type} ${rest}`.trimEnd()),
    ...(row.constraints ?? []),
  ];
  const kind = row.kind === 'f' ? 'FOREIGN TABLE' : row.unlogged ? 'UNLOGGED TABLE' : 'TABLE';
  const body = lines.length === 0 ? '' : `\n  ${lines.join(',\n  ')}\n`;
  return `CREATE ${kind} ${name} (${body})${row.tail === null ? '' : ` ${row.tail}`};`;
}
