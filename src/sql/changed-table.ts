import type { Dialect } from './dialect.js';
import { scanTokens } from './reader/lexer.js';
import { traitsOf } from './token-front-end.js';
import type { Token } from './reader/token.js';

/** Words that may come between the verb and the table. */
const FILLERS: ReadonlySet<string> = new Set(
  'table view if exists only low_priority quick ignore materialized'.split(' ')
);
const VERBS: ReadonlySet<string> = new Set(['delete', 'truncate', 'alter', 'drop']);
/** The objects of ALTER and DROP that count. */
const OBJECTS: ReadonlySet<string> = new Set(['table', 'view', 'materialized']);
/** How many tokens are looked at: the name is near the beginning, at the latest after a DELETE's list of tables. */
const MOST_TOKENS = 40;

/**
 * The table of a statement that changes one without any data flowing from elsewhere: DELETE, TRUNCATE, ALTER TABLE,
 * DROP TABLE. Lineage doesn't show these. The name's parts as written, outermost first; undefined for other statements.
 */
export function changedTable(sql: string, dialect: Dialect): readonly string[] | undefined {
  const tokens: Token[] = [];
  scanTokens(sql, traitsOf(sql, dialect), (token) => {
    tokens.push(token);
    return tokens.length < MOST_TOKENS;
  });
  const verb = tokens[0]?.word ?? '';
  if (!VERBS.has(verb)) return undefined;
  const isDefinition = verb === 'alter' || verb === 'drop';
  if (isDefinition && !OBJECTS.has(tokens[1]?.word ?? '')) return undefined;
  let at = verb === 'delete' ? tokens.findIndex(({ word }) => word === 'from') + 1 : 1;
  if (at === 0) return undefined;
  while (FILLERS.has(tokens[at]?.word ?? '')) at += 1;
  return nameAt(tokens, at);
}

function nameAt(tokens: readonly Token[], start: number): readonly string[] | undefined {
  const parts: string[] = [];
  for (let at = start; ; at += 2) {
    const token = tokens[at];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) return undefined;
    parts.push(token.text);
    if (tokens[at + 1]?.word !== '.') return parts;
  }
}
