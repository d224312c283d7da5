import type { Dialect } from './dialect.js';
import { scanTokens } from './reader/lexer.js';
import type { Token } from './reader/token.js';
import { traitsOf } from './token-front-end.js';

/** Tokens looked at: what a DELETE joins comes in front of its WHERE. */
const MOST_TOKENS = 500;

/**
 * A query of the rows that a DELETE removes, which reads and joins what the DELETE reads and joins; undefined for
 * other statements. Lineage has no word for a DELETE: no data flows.
 */
export function deleteAsQuery(sql: string, dialect: Dialect): string | undefined {
  const tokens: Token[] = [];
  scanTokens(sql, traitsOf(sql, dialect), (token) => {
    tokens.push(token);
    return tokens[0]?.word === 'delete' && !/^(where|;)$/.test(token.word) && tokens.length < MOST_TOKENS;
  });
  if (tokens[0]?.word !== 'delete') return undefined;
  const from = tokens.findIndex(({ word }) => word === 'from');
  const start = tokens[from]?.start;
  if (start === undefined) return undefined;
  // The USING of a join has its columns in brackets, the one of a DELETE has tables.
  const using = tokens.find(({ word }, index) => word === 'using' && index > from && tokens[index + 1]?.word !== '(');
  if (using === undefined) return `SELECT 1 ${sql.slice(start)}`;
  return `SELECT 1 ${sql.slice(start, using.start)}, ${sql.slice(using.end)}`;
}
