import { setImmediate as nextTurn } from 'node:timers/promises';
import { beginning } from '../errors/index.js';
import {
  isServerTable,
  maskLiterals,
  catalogNamesAreExact,
  dropsTemporary,
  namesAreExact,
  type Dialect,
  type LineageTable,
  type ParserPool,
  type PooledLineage,
  type PoolQuery,
} from '../sql/index.js';
import { alongSearchPaths } from './search-paths.js';
import { textEdges, type Found } from './text-edges.js';
import type { EdgeLine, QueryLine } from './staged-line.js';
import { fullNameText, type FoundTable, type TableFinder, type TableName } from './table-finder.js';

/** A statement with what completes its names. */
export interface Text {
  readonly sql: string;
  readonly database?: string | undefined;
  readonly schema?: string | undefined;
  /** For a view: the entity that its SQL defines; whatever the SQL writes is this. */
  readonly view?: FoundTable;
  readonly queryType?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly startedAt?: number | undefined;
  /** FQN of the stored procedure whose run sent the statement. */
  readonly procedureFqn?: string | undefined;
  /** The source takes names that differ by case for two, quoted or not. */
  readonly exactNames?: boolean | undefined;
}

export interface ParseContext {
  readonly pool: Pick<ParserPool, 'parseBatch'>;
  readonly finder: Pick<TableFinder, 'findAll'>;
  readonly dialect: Dialect;
  /** Keep edges with an end the catalog doesn't know: for enableTempTableLineage. */
  readonly keepUnknown: boolean;
  readonly signal: AbortSignal;
}

export interface ParsedText {
  readonly edges: readonly EdgeLine[];
  readonly query?: QueryLine;
  /** Tables in the statement that the catalog doesn't know. */
  readonly unknown: readonly string[];
  /** Those of the server's own catalogs: nobody expects them in the catalog. */
  readonly ofServer?: ReadonlySet<string>;
  /** Tables that only its session has: the catalog isn't expected to have them. */
  readonly temporary: readonly string[];
  /** Why the statement was given up, if it was. */
  readonly poisoned?: string;
  /** True when part of the statement wasn't understood. */
  readonly doubted?: true;
  /** True for a statement that writes a table from others. */
  readonly writes?: true;
}

/** The name under which a view's plain query writes: no table is called this. */
export const VIEW_TARGET = 'the view itself';
/** Longest statement kept with an edge or as a query, in characters: an edge from a longer one keeps its beginning. */
const KEPT_TEXT = 100_000;
/** Statements processed between two turns of the event loop, where heartbeats are sent. */
const TURN = 50;

const NOTHING: ParsedText = { edges: [], unknown: [], temporary: [] };

/**
 * Lineage of statements as edges between ends, one answer per statement. Each is parsed once without a schema, which
 * gives its tables; those whose columns need one (`*`, unqualified names, INSERT without a column list) a second time
 * with the columns of these tables.
 */
export async function parseTexts(texts: readonly Text[], context: ParseContext): Promise<ParsedText[]> {
  const { pool, signal } = context;
  const read = await pool.parseBatch(
    texts.map((text) => poolQuery(text, context)),
    signal
  );
  const first = await placedLineages(texts, read, context);
  const found = await findTables(texts, first, context);
  const again = texts.flatMap((text, index) => {
    const [tables, lineage] = [found[index], first[index]];
    return tables !== undefined && lineage !== undefined && tables.size > 0 && needsSchema(lineage, text)
      ? [{ text, index, tables }]
      : [];
  });
  const second = await pool.parseBatch(
    again.map(({ text, tables }) => poolQuery(text, context, schemaOf(tables))),
    signal
  );
  const lineages = [...first];
  again.forEach(({ index }, position) => {
    const lineage = second[position];
    if (lineage !== undefined) lineages[index] = lineage;
  });
  const parsed: ParsedText[] = [];
  for (const [index, text] of texts.entries()) {
    parsed.push(toParsed(text, lineages[index], found[index] ?? new Map<string, FoundTable[]>(), context));
    if (index % TURN === TURN - 1) await nextTurn();
  }
  return parsed;
}

/** Names without a schema are looked up along their text's search path. */
function placedLineages(
  texts: readonly Text[],
  read: readonly PooledLineage[],
  context: ParseContext
): Promise<readonly PooledLineage[]> {
  const textAt = (index: number): Text => texts[index] ?? { sql: '' };
  return alongSearchPaths(read, {
    finder: context.finder,
    isWanted: ({ edges }) => edges.length > 0,
    nameOf: (index, parts) => toName({ parts }, textAt(index), context.dialect),
    readAgain: (again) =>
      context.pool.parseBatch(
        again.map(({ index, schema }) => poolQuery(textAt(index), context, schema)),
        context.signal
      ),
  });
}

function poolQuery(
  { sql, schema: ownSchema, view, exactNames }: Text,
  { dialect }: ParseContext,
  schema?: Readonly<Record<string, readonly string[]>>
): PoolQuery {
  return {
    sql,
    dialect,
    options: {
      ...(schema === undefined ? {} : { schema }),
      ...(ownSchema !== undefined && dropsTemporary(sql, dialect) ? { defaultSchema: ownSchema } : {}),
      // A body that is only stored has its effect when it is called.
      ...(view === undefined ? { without: 'procedures' as const } : { target: VIEW_TARGET }),
      ...(exactNames === true ? { exactNames } : {}),
    },
  };
}

/** The tables of all statements, by the names each statement uses for them; each name is looked up once. */
async function findTables(
  texts: readonly Text[],
  lineages: readonly PooledLineage[],
  { finder, dialect }: ParseContext
): Promise<Found[]> {
  const names = texts.flatMap((text, index) => {
    const lineage = lineages[index];
    if (lineage === undefined || lineage.edges.length === 0) return [];
    return tablesOf(lineage).map((table) => ({ index, table: table.name, name: toName(table, text, dialect) }));
  });
  const tables = await finder.findAll(names.map(({ name }) => name));
  const found = texts.map(() => new Map<string, readonly FoundTable[]>());
  const renamed = renamesOf(texts, lineages, dialect);
  const later: { index: number; table: string; name: TableName }[] = [];
  names.forEach(({ index, table, name }, position) => {
    const matches = tables[position] ?? [];
    const newName = renamed.get(nameKeyOf(name));
    if (matches.length > 0) found[index]?.set(table, matches);
    else if (newName !== undefined) later.push({ index, table, name: newName });
  });
  const others = await finder.findAll(later.map(({ name }) => name));
  later.forEach(({ index, table }, position) => {
    const matches = others[position] ?? [];
    if (matches.length > 0) found[index]?.set(table, matches);
  });
  return found;
}

/**
 * Full names that statements of this chunk give to tables: if a table is filled under one name and then renamed, the
 * catalog knows it by the new one. Later renames in the chunk are followed.
 */
function renamesOf(
  texts: readonly Text[],
  lineages: readonly PooledLineage[],
  dialect: Dialect
): ReadonlyMap<string, TableName> {
  const renamed = new Map<string, TableName>();
  for (const [index, lineage] of lineages.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    for (const { from, to } of lineage.renames) {
      const old = nameKeyOf(toName(from, text, dialect));
      const name = toName(to, text, dialect);
      renamed.set(old, name);
      for (const [first, second] of renamed) if (nameKeyOf(second) === old) renamed.set(first, name);
    }
  }
  return renamed;
}

function nameKeyOf(name: TableName): string {
  return name.exact === true ? fullNameText(name) : fullNameText(name).toLowerCase();
}

function tablesOf({ sources, targets, intermediate }: PooledLineage): LineageTable[] {
  return [...sources, ...targets, ...intermediate].filter(({ kind, name }) => kind === 'table' && name !== VIEW_TARGET);
}

function toName({ parts }: Pick<LineageTable, 'parts'>, text: Text, dialect: Dialect): TableName {
  const { database, schema } = text;
  return {
    parts,
    database,
    schema,
    ...(catalogNamesAreExact(dialect, text.exactNames) ? { exact: true } : {}),
  };
}

/** An INSERT that names its columns; false when in doubt. */
const NAMED_COLUMNS = /\binto\s+[^\s(]+\s*\(\s*(?!select\b|with\b|table\b|values\b|\()/i;
const INSERTS = /\b(insert|replace|merge)\b/gi;

function needsSchema({ edges, kind }: PooledLineage, { sql }: Text): boolean {
  const isLoose = edges.some(
    ({ columns }) =>
      columns.length === 0 ||
      columns.some((pair) => pair.some((each) => each.table === undefined || each.column === '*'))
  );
  if (isLoose) return true;
  if (kind !== 'insert' && kind !== 'multi-insert' && kind !== 'merge') return false;
  return (sql.match(INSERTS) ?? []).length !== 1 || !NAMED_COLUMNS.test(sql);
}

/**
 * Columns by the names in the statement; if several tables have a name, the first one's columns, then what the others
 * have besides.
 */
function schemaOf(found: Found): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...found].map(([name, [first, ...others]]) => {
      const names = [...(first?.columns.names ?? [])];
      const known = new Set(names.map((column) => column.toLowerCase()));
      for (const column of others.flatMap((table) => table.columns.names)) {
        if (!known.has(column.toLowerCase())) names.push(column);
        known.add(column.toLowerCase());
      }
      return [name, names];
    })
  );
}

function toParsed(text: Text, lineage: PooledLineage | undefined, found: Found, context: ParseContext): ParsedText {
  if (lineage === undefined) return NOTHING;
  const facts = {
    ...(lineage.poisoned === undefined ? {} : { poisoned: lineage.poisoned.reason }),
    ...(lineage.doubts.length === 0 ? {} : { doubted: true as const }),
    ...(lineage.edges.length === 0 ? {} : { writes: true as const }),
  };
  const nameOf = (table: LineageTable): string => fullNameText(toName(table, text, context.dialect));
  const temporary = [
    ...new Set(
      tablesOf(lineage)
        .filter((table) => table.temporary === true)
        .map(nameOf)
    ),
  ];
  if (lineage.edges.length === 0) return { ...NOTHING, temporary, ...facts };
  const ofServer = tablesOf(lineage).filter((table) =>
    isServerTable(toName(table, text, context.dialect), context.dialect)
  );

  const sql = storedText(text.sql, context.dialect);
  const { edges, unknown } = textEdges({
    lineage,
    found,
    nameOf,
    areExact: namesAreExact(context.dialect, text.exactNames),
    view: text.view,
    keepUnknown: context.keepUnknown,
  });
  const lines = edges.map((edge): EdgeLine => ({
    kind: 'edge',
    ...edge,
    sql,
    ...(text.startedAt === undefined ? {} : { startedAt: text.startedAt }),
    ...(text.procedureFqn === undefined ? {} : { procedureFqn: text.procedureFqn }),
  }));
  const tables = [...new Set([...found.values()].flat().map((table) => table.id))].sort();
  const isStored = text.view === undefined && tables.length > 0;
  return {
    ...{ edges: lines, unknown, temporary },
    ...(ofServer.length === 0 ? {} : { ofServer: new Set(ofServer.map(nameOf)) }),
    ...(isStored ? { query: toQuery(text, sql, tables) } : {}),
    ...facts,
  };
}

/** A statement as kept with an edge or as a query: masked, and bounded. */
export function storedText(text: string, dialect: Dialect): string {
  const sql = maskLiterals(text, dialect);
  return sql.length <= KEPT_TEXT ? sql : `${beginning(sql, KEPT_TEXT)} /* … of ${sql.length} characters */`;
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
