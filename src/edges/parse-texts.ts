import {
  maskLiterals,
  type Dialect,
  type LineageColumn,
  type LineageTable,
  type ParserPool,
  type PooledLineage,
  type PoolQuery,
  type TableEdge,
} from '../lineage/index.js';
import { contractPaths } from './contract-paths.js';
import type { ColumnLink, EdgeEnd, EdgeLine, QueryLine } from './staged-line.js';
import type { FoundTable, TableFinder, TableName } from './table-finder.js';

/** A text with what completes its names. */
export interface Text {
  readonly sql: string;
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  /** Of a view: the entity its text defines; whatever the text writes is this. */
  readonly view?: FoundTable;
  readonly queryType?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly startedAt?: number | undefined;
  /** FQN of the stored procedure whose run sent the text. */
  readonly procedureFqn?: string | undefined;
}

export interface ParseContext {
  readonly pool: ParserPool;
  readonly finder: TableFinder;
  readonly dialect: Dialect;
  readonly signal: AbortSignal;
}

export interface ParsedText {
  readonly edges: readonly EdgeLine[];
  readonly query?: QueryLine;
  /** Tables of the text that the catalog does not know. */
  readonly unknown: readonly string[];
  /** Why the text was given up, when it was. */
  readonly poisoned?: string;
}

/** Name under which a plain query of a view writes: no table is called so. */
const VIEW_TARGET = 'the view itself';

/**
 * Lineage of texts as edges between ends, one answer a text. Texts are parsed once without a schema, which tells their tables; those whose
 * columns need one (`*`, unqualified names, INSERT without a column list) a second time with the columns of those tables.
 */
export async function parseTexts(texts: readonly Text[], context: ParseContext): Promise<ParsedText[]> {
  const first = await context.pool.parseBatch(
    texts.map((text) => poolQuery(text, context)),
    context.signal
  );
  const tables = await Promise.all(texts.map((text, index) => findTables(text, first[index], context)));
  const again = texts.flatMap((text, index) => {
    const found = tables[index];
    const lineage = first[index];
    return found !== undefined && lineage !== undefined && needsSchema(lineage) && found.size > 0
      ? [{ text, index, found }]
      : [];
  });
  const second = await context.pool.parseBatch(
    again.map(({ text, found }) => poolQuery(text, context, schemaOf(found))),
    context.signal
  );
  const lineages = [...first];
  again.forEach(({ index }, position) => {
    const lineage = second[position];
    if (lineage !== undefined) lineages[index] = lineage;
  });
  return texts.map((text, index) => toParsed(text, lineages[index], tables[index] ?? new Map(), context));
}

function poolQuery(
  { sql, view }: Text,
  { dialect }: ParseContext,
  schema?: Readonly<Record<string, readonly string[]>>
): PoolQuery {
  return {
    sql,
    dialect,
    options: { ...(schema === undefined ? {} : { schema }), ...(view === undefined ? {} : { target: VIEW_TARGET }) },
  };
}

type Found = ReadonlyMap<string, readonly FoundTable[]>;

async function findTables(text: Text, lineage: PooledLineage | undefined, { finder }: ParseContext): Promise<Found> {
  const found = new Map<string, readonly FoundTable[]>();
  if (lineage === undefined || lineage.edges.length === 0) return found;
  const named = [...lineage.sources, ...lineage.targets, ...lineage.intermediate].filter(
    (table) => table.kind === 'table'
  );
  await Promise.all(
    named.map(async (table) => {
      if (table.name === VIEW_TARGET) return;
      const matches = await finder.find(completeName(table, text));
      if (matches.length > 0) found.set(table.name, matches);
    })
  );
  return found;
}

/** The name's parts, from the right: table, schema, database; missing ones from where the text ran. */
function completeName({ parts }: LineageTable, { database, schema }: Text): TableName {
  return { table: parts.at(-1) ?? '', schema: parts.at(-2) ?? schema, database: parts.at(-3) ?? database };
}

function needsSchema({ edges, kind }: PooledLineage): boolean {
  if (edges.length === 0) return false;
  if (kind === 'insert' || kind === 'multi-insert' || kind === 'merge') return true;
  return edges.some(
    ({ columns }) =>
      columns.length === 0 ||
      columns.some((pair) => pair.some((each) => each.table === undefined || each.column === '*'))
  );
}

function schemaOf(found: Found): Record<string, readonly string[]> {
  return Object.fromEntries([...found].map(([name, [table]]) => [name, table?.columnNames ?? []]));
}

function toParsed(text: Text, lineage: PooledLineage | undefined, found: Found, context: ParseContext): ParsedText {
  if (lineage === undefined) return { edges: [], unknown: [] };
  const poisoned = lineage.poisoned === undefined ? {} : { poisoned: lineage.poisoned.reason };
  if (lineage.edges.length === 0) return { edges: [], unknown: [], ...poisoned };

  const isWritten = new Set([...lineage.targets, ...lineage.intermediate].map((table) => table.name));
  const isStep = new Set(lineage.intermediate.map((table) => table.name));
  const isPath = new Set(
    [...lineage.sources, ...lineage.targets].filter((table) => table.kind === 'path').map((table) => table.name)
  );
  const fullNames = new Map(
    [...lineage.sources, ...lineage.targets, ...lineage.intermediate].map((table) => [
      table.name,
      nameOf(completeName(table, text)),
    ])
  );
  const endsOf = (name: string): readonly (FoundTable | string)[] => found.get(name) ?? [fullNames.get(name) ?? name];
  const sql = maskLiterals(text.sql, context.dialect);
  const edges: EdgeLine[] = [];
  // A table that only this text makes and nobody ingested is a step: the edge goes through it.
  const paths = contractPaths(lineage.edges.map(toGraphEdge), (node) => found.has(node) || !isStep.has(node));
  for (const path of paths) {
    if (isPath.has(path.from) || isPath.has(path.to)) continue;
    const sources = endsOf(path.from);
    const targets = text.view !== undefined && isWritten.has(path.to) ? [text.view] : endsOf(path.to);
    for (const from of sources) {
      for (const to of targets) {
        if (isSame(from, to)) continue;
        edges.push({
          kind: 'edge',
          from: toEnd(from),
          to: toEnd(to),
          columns: linkColumns(path.columns, from, to),
          source: text.view === undefined ? 'QueryLineage' : 'ViewLineage',
          sql,
          ...(text.startedAt === undefined ? {} : { startedAt: text.startedAt }),
          ...(text.procedureFqn === undefined ? {} : { procedureFqn: text.procedureFqn }),
        });
      }
    }
  }
  const tables = [...new Set([...found.values()].flat().map((table) => table.id))].sort();
  const unknown = [...lineage.sources, ...lineage.targets].filter(
    (table) =>
      table.kind === 'table' &&
      !found.has(table.name) &&
      table.name !== VIEW_TARGET &&
      !(text.view !== undefined && isWritten.has(table.name))
  );
  const isStored = text.view === undefined && tables.length > 0;
  return {
    edges,
    unknown: unknown.map((table) => nameOf(completeName(table, text))),
    ...(isStored ? { query: toQuery(text, sql, tables) } : {}),
    ...poisoned,
  };
}

function toQuery({ queryType, durationMs, startedAt }: Text, sql: string, tables: readonly string[]): QueryLine {
  return {
    kind: 'query',
    text: sql,
    tables: [...tables],
    ...(queryType === undefined ? {} : { queryType }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

function toGraphEdge({ from, to, columns }: TableEdge): { from: string; to: string; columns: ColumnLink[] } {
  const links = columns.flatMap(([source, target]): ColumnLink[] =>
    isColumnOf(source, from) && isColumnOf(target, to) ? [[source.column, target.column]] : []
  );
  return { from, to, columns: links };
}

/** A column that no schema could place may be any table's: it is no link. */
function isColumnOf(column: LineageColumn, table: string): boolean {
  return column.table === table;
}

function toEnd(end: FoundTable | string): EdgeEnd {
  return typeof end === 'string' ? { kind: 'unknown', name: end } : { kind: 'entity', fqn: end.fqn, id: end.id };
}

function isSame(left: FoundTable | string, right: FoundTable | string): boolean {
  return typeof left === 'string' || typeof right === 'string' ? left === right : left.id === right.id;
}

/** Column FQNs, matched ignoring case; columns an entity does not have are dropped; `*` on both ends pairs equal names. */
function linkColumns(
  links: readonly ColumnLink[],
  from: FoundTable | string,
  to: FoundTable | string
): [string, string][] {
  const linked = links.flatMap(([source, target]): [string, string][] => {
    if (source === '*' && target === '*') return equalColumns(from, to);
    const [left, right] = [columnOf(from, source), columnOf(to, target)];
    return left === undefined || right === undefined ? [] : [[left, right]];
  });
  return [...new Map(linked.map((link) => [link.join('\n'), link])).values()];
}

function equalColumns(from: FoundTable | string, to: FoundTable | string): [string, string][] {
  if (typeof from === 'string' || typeof to === 'string') return [['*', '*']];
  return [...from.columns].flatMap(([name, left]): [string, string][] => {
    const right = to.columns.get(name);
    return right === undefined ? [] : [[left, right]];
  });
}

function columnOf(end: FoundTable | string, column: string): string | undefined {
  return typeof end === 'string' ? column : end.columns.get(column.toLowerCase());
}

function nameOf({ database, schema, table }: TableName): string {
  return [database, schema, table].filter((part) => part !== undefined).join('.');
}
