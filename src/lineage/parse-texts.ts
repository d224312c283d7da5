import { setImmediate as nextTurn } from 'node:timers/promises';
import { temporaryPlace, type Dialect, type ParserPool, type PooledLineage, type PoolQuery } from '../sql/index.js';
import { findTables, toName, VIEW_TARGET } from './named-tables.js';
import { toParsed, type ParsedText } from './parsed-text.js';
import { alongSearchPaths } from './search-paths.js';
import type { FoundTable, TableFinder } from './table-finder.js';
import { needsSchema, schemaOf } from './text-schema.js';
import type { Text } from './text.js';

export interface ParseContext {
  readonly pool: Pick<ParserPool, 'parseBatch'>;
  readonly finder: Pick<TableFinder, 'findAll'>;
  readonly dialect: Dialect;
  /** Keep edges with an end the catalog doesn't know: for enableTempTableLineage. */
  readonly keepUnknown: boolean;
  readonly signal: AbortSignal;
}

/** Statements processed between two turns of the event loop, where heartbeats are sent. */
const TURN = 50;

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
  { sql, database, schema: ownSchema, view, exactNames, session }: Text,
  { dialect }: ParseContext,
  schema?: Readonly<Record<string, readonly string[]>>
): PoolQuery {
  return {
    sql,
    dialect,
    options: {
      ...(schema === undefined ? {} : { schema }),
      ...temporaryPlace(sql, dialect, { database, schema: ownSchema }),
      // A body that is only stored has its effect when it is called.
      ...(view === undefined ? { without: 'procedures' as const } : { target: VIEW_TARGET }),
      ...(exactNames === true ? { exactNames } : {}),
      ...session,
    },
  };
}
