import type { DialectTraits } from '../dialect.js';
import { tokenize } from './lexer.js';
import type { Token } from './token.js';

/**
 * How MySQL reads SQL: where one stands where only a name can, double quotes are those of names (ANSI_QUOTES). That is
 * mostly set by sql_mode ANSI, where `||` joins.
 */
export function withQuotedNames(sql: string, traits: DialectTraits, pipesOr = false): DialectTraits {
  if (!traits.versionedComments || !traits.doubleQuotedStrings || !sql.includes('"')) return traits;
  const { tokens } = tokenize(sql, traits);
  const isName = tokens.some((token, index) => isQuotedName(sql, tokens, token, index));
  return isName ? { ...traits, doubleQuotedStrings: false, pipesOr } : traits;
}

const BEFORE_NAMES: ReadonlySet<string> = new Set('into join update table tables exists view from'.split(' '));

/** True for a double-quoted string where only a name can be. */
function isQuotedName(sql: string, tokens: readonly Token[], token: Token, index: number): boolean {
  if (token.kind !== 'string' || sql.charAt(token.start) !== '"') return false;
  const before = tokens[index - 1];
  const after = tokens[index + 1];
  if (before?.word === '.' || after?.word === '.') return true;
  if (before === undefined || !BEFORE_NAMES.has(before.word)) return false;
  if (before.word !== 'from' || after === undefined) return true;
  // `TRIM(LEADING 'x' FROM "xa")` and `SUBSTRING(a FROM "2" FOR "1")` take strings
  if (after.word === ')' || after.word === 'for') return isSelectBefore(tokens, index);
  return after.kind !== 'punct' || after.word === ',' || after.word === ';';
}

/** True when the FROM before `index` belongs to a SELECT of the same bracket, not to a function's arguments. */
function isSelectBefore(tokens: readonly Token[], index: number): boolean {
  let depth = 0;
  for (let at = index - 1; at >= 0; at -= 1) {
    const word = tokens[at]?.word;
    if (word === ')') depth += 1;
    else if (word === '(') {
      if (depth === 0) return tokens[at + 1]?.word === 'select';
      depth -= 1;
    } else if (word === 'select' && depth === 0) return true;
  }
  return false;
}
