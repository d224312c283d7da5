import type { Dialect } from './dialect.js';
import { scanTokens } from './reader/lexer.js';
import type { Token } from './reader/token.js';
import { traitsOf } from './token-front-end.js';

/** Tokens looked at: what a DELETE joins comes in front of its WHERE. */
const MOST_TOKENS = 500;
/** What else may follow a WITH. */
const OTHER_VERBS: ReadonlySet<string> = new Set(['select', 'insert', 'update', 'merge', 'values', 'table']);
/** Words that may come between the verb and a table. */
const FILLERS: ReadonlySet<string> = new Set(['only', 'low_priority', 'quick', 'ignore']);

/** A DELETE up to its WHERE. */
export interface DeleteHead {
  /** Its CTEs, from WITH on. */
  readonly ctes: readonly Token[];
  /** From DELETE to WHERE, both included; T-SQL's OUTPUT is left out. */
  readonly tokens: readonly Token[];
  /** Where the tables start that it deletes from. */
  readonly first: number;
  /** Of the FROM that says what is read; -1 for `DELETE t WHERE …` of T-SQL and Oracle. */
  readonly from: number;
}

/** Undefined for other statements. */
export function deleteHead(sql: string, dialect: Dialect): DeleteHead | undefined {
  const ctes: Token[] = [];
  const tokens: Token[] = [];
  let depth = 0;
  let isOutput = false;
  scanTokens(sql, traitsOf(sql, dialect), (token) => {
    const { word } = token;
    if (word === ')') depth -= 1;
    const isOutside = depth === 0;
    if (word === '(') depth += 1;
    if (tokens.length === 0 && !(isOutside && word === 'delete')) {
      ctes.push(token);
      return ctes[0]?.word === 'with' && ctes.length < MOST_TOKENS && !(isOutside && OTHER_VERBS.has(word));
    }
    if (isOutside && word === 'output' && dialect === 'tsql' && tokens.length > 1) isOutput = true;
    else if (isOutside && /^(from|where|;)$/.test(word)) isOutput = false;
    if (!isOutput) tokens.push(token);
    return !(isOutside && /^(where|;)$/.test(word)) && tokens.length < MOST_TOKENS;
  });
  if (tokens.length === 0) return undefined;
  const first = firstOf(tokens);
  return { ctes, tokens, first, from: fromOf(tokens) };
}

/** `DELETE FROM a`, MySQL's `DELETE a, b FROM …` and `DELETE FROM a, b USING …`, T-SQL's `DELETE TOP (5) PERCENT a`. */
function firstOf(tokens: readonly Token[]): number {
  let at = 1;
  while (FILLERS.has(tokens[at]?.word ?? '')) at += 1;
  if (tokens[at]?.word === 'top') at = tokens.findIndex(({ word }) => word === ')') + 1;
  if (tokens[at]?.word === 'percent') at += 1;
  return tokens[at]?.word === 'from' ? at + 1 : at;
}

function fromOf(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ word }) => {
    if (word === '(') depth += 1;
    if (word === ')') depth -= 1;
    return depth === 0 && word === 'from';
  });
}
