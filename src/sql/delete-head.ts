import type { ChangeStatement } from './change-statements.js';
import type { Dialect } from './dialect.js';
import type { Token } from './reader/token.js';

/** Tokens looked at: what a DELETE joins comes in front of its WHERE. */
const MOST_TOKENS = 500;
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

export function deleteHead(statement: ChangeStatement, dialect: Dialect): DeleteHead {
  const tokens: Token[] = [];
  let depth = 0;
  let isOutput = false;
  for (const token of statement.tokens.slice(statement.at)) {
    const { word } = token;
    if (word === ')') depth -= 1;
    const isOutside = depth === 0;
    if (word === '(') depth += 1;
    if (isOutside && word === 'output' && dialect === 'tsql' && tokens.length > 1) isOutput = true;
    else if (isOutside && /^(from|where)$/.test(word)) isOutput = false;
    if (!isOutput) tokens.push(token);
    if ((isOutside && word === 'where') || tokens.length === MOST_TOKENS) break;
  }
  return { ctes: statement.tokens.slice(0, statement.at), tokens, first: firstOf(tokens), from: fromOf(tokens) };
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
