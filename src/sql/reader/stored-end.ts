import type { Token } from './token.js';

/** Behind END, these close what isn't a block: `END IF`. */
const OTHER_ENDS: ReadonlySet<string> = new Set(['if', 'loop', 'while', 'repeat', 'for']);
/** In front of a statement that is a part of a compound one. */
const INSIDE: ReadonlySet<string> = new Set(['then', 'else', 'do', 'loop', 'repeat']);

/** Index behind the END of the block that begins at `begin`; the number of tokens when nothing ends it. */
export function endOfBlock(tokens: readonly Token[], begin: number): number {
  let open = 0;
  for (let index = begin; index < tokens.length; index += 1) {
    const word = tokens[index]?.word;
    if (word !== 'begin' && word !== 'case' && word !== 'end') continue;
    if (tokens[index - 1]?.word === '.') continue;
    const next = tokens[index + 1]?.word ?? '';
    // BigQuery's and Snowflake's `BEGIN TRANSACTION` within a block
    if (word === 'begin' && /^(?:transaction|work|;)$/.test(next)) continue;
    if (word !== 'end') open += 1;
    else if (!OTHER_ENDS.has(next)) open -= 1;
    // `END CASE` is one end.
    if (word === 'end' && next === 'case') index += 1;
    if (open === 0) return index + 1;
  }
  return tokens.length;
}

/** The same of the block that follows the declarations at `declare`. */
export function endOfDeclared(tokens: readonly Token[], declare: number): number {
  const begin = tokens.findIndex(
    ({ word }, index) => index > declare && word === 'begin' && tokens[index - 1]?.word === ';'
  );
  return begin < 0 ? tokens.length : endOfBlock(tokens, begin);
}

/**
 * Index of what ends the one statement at `first`, the body of MySQL's `CREATE PROCEDURE p() INSERT …`; the number of
 * tokens when it is a part of a compound statement.
 */
export function endOfOne(tokens: readonly Token[], first: number): number {
  if (INSIDE.has(tokens[first - 1]?.word ?? '')) return tokens.length;
  const end = tokens.findIndex(({ word }, index) => index > first && word === ';');
  return end < 0 ? tokens.length : end;
}

/** Index behind the definition of a stored body whose CREATE is at `create`, of MySQL or PostgreSQL. */
export function endOfStored(tokens: readonly Token[], create: number): number {
  for (let index = create; index < tokens.length; index += 1) {
    const word = tokens[index]?.word ?? '';
    if (word === 'begin') return endOfBlock(tokens, index);
    if (INSIDE.has(word)) return tokens.length;
    if (word === ';') return index;
  }
  return tokens.length;
}
