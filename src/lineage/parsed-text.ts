import { isServerTable, namesAreExact, type Dialect, type LineageTable, type PooledLineage } from '../sql/index.js';
import { tablesOf, toName } from './named-tables.js';
import type { EdgeLine, QueryLine } from './staged-line.js';
import { storedText } from './stored-text.js';
import { fullNameText } from './table-finder.js';
import { textEdges, type Found } from './text-edges.js';
import type { Text } from './text.js';

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

const NOTHING: ParsedText = { edges: [], unknown: [], temporary: [] };

export function toParsed(
  text: Text,
  lineage: PooledLineage | undefined,
  found: Found,
  context: { readonly dialect: Dialect; readonly keepUnknown: boolean }
): ParsedText {
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

  const sql = storedText(text.sql, context.dialect, text.session);
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
    edges: lines,
    unknown,
    temporary,
    ...(ofServer.length === 0 ? {} : { ofServer: new Set(ofServer.map(nameOf)) }),
    ...(isStored ? { query: toQuery(text, sql, tables) } : {}),
    ...facts,
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
