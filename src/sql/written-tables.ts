import type { Dialect } from './dialect.js';
import { parseLineage } from './parse-lineage.js';
import type { LineageTable } from './query-lineage.js';
import { scanTokens } from './reader/lexer.js';
import type { Token } from './reader/token.js';
import { traitsOf } from './token-front-end.js';

/** What makes a whole statement of one that ends with the table that it writes, by how it begins. */
const RESTS: ReadonlyMap<string, string> = new Map([
  ['insert', ''],
  ['update', ''],
  ['delete', ''],
  ['merge', ' using s'],
  ['copy', ' from @s'],
]);
/** What follows the table. */
const BEHIND_TABLE: ReadonlySet<string> = new Set(['select', 'values', 'set', 'using', 'where', 'with', 'from', '(']);
/** What these fill is told further behind, in more than one place. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['all', 'first']);

/**
 * The tables that a statement writes, files and stages among them; undefined where its text doesn't tell. Of most
 * statements the beginning alone is read.
 * @param isCut there is more of the statement than its text has
 */
export function writtenTables(
  sql: string,
  dialect: Dialect,
  { isCut = false }: { readonly isCut?: boolean } = {}
): readonly LineageTable[] | undefined {
  const beginning = upToTable(sql, dialect);
  const tables = beginning === undefined ? [] : tablesOf(beginning, dialect);
  if (tables.length > 0) return tables;
  // a name at its end may be longer, and more tables may follow
  if (isCut) return undefined;
  const all = tablesOf(sql, dialect);
  return all.length === 0 ? undefined : all;
}

/** The same statement as short as can be, where it writes a single table, and where something follows its name. */
function upToTable(sql: string, dialect: Dialect): string | undefined {
  const seen: Token[] = [];
  let end: number | undefined;
  scanTokens(sql, traitsOf(sql, dialect), (token) => {
    if (seen.length === 0 ? !RESTS.has(token.word) : seen.length < 3 && OF_SEVERAL.has(token.word)) return false;
    if (seen.length > 1 && isBehindTable(token, seen.at(-1)?.word)) end = token.start;
    seen.push(token);
    return end === undefined;
  });
  return end === undefined ? undefined : sql.slice(0, end) + (RESTS.get(seen[0]?.word ?? '') ?? '');
}

function isBehindTable({ word }: Token, before: string | undefined): boolean {
  if (word === '(') return before !== 'identifier';
  return BEHIND_TABLE.has(word) && !(word === 'from' && before === 'delete');
}

function tablesOf(sql: string, dialect: Dialect): readonly LineageTable[] {
  const { targets, changed } = parseLineage(sql, dialect);
  return [...targets, ...changed];
}
