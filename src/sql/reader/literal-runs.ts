import type { Token } from './token.js';

/** Literals in a row, or rows of literals in a row, that are kept: lineage doesn't depend on later ones. */
const KEPT = 64;

/** SQL is cut after this many tokens: about 50 MB of memory at most. */
const MAX_TOKENS = 400_000;

/**
 * Collects tokens but drops the bulk of `IN (1, 2, …)` and `VALUES (…), (…), …`: statements of megabytes are mostly
 * these, and a list of ten million numbers says no more than one of sixty-four.
 */
export class LiteralRuns {
  readonly tokens: Token[] = [];
  #literals = 0;
  #rows = 0;
  /** Index of the `(` of a row of nothing but literals, -1 outside of one. */
  #rowStart = -1;

  take(token: Token): boolean {
    const { tokens } = this;
    const last = tokens[tokens.length - 1];
    if (isLiteral(token)) {
      if (last?.word === ',' && this.#literals >= KEPT) {
        tokens.pop();
        return true;
      }
      this.#literals += 1;
    } else if (token.word !== ',' && token.word !== '-') this.#literals = 0;
    if (token.word === '(') {
      if (last?.word !== ',' && last?.word !== 'values') this.#rows = 0;
      this.#rowStart = tokens.length;
    } else if (token.word === ')' && this.#rowStart >= 0) {
      this.#rows += 1;
      if (this.#rows > KEPT && tokens[this.#rowStart - 1]?.word === ',' && tokens[this.#rowStart - 2]?.word === ')') {
        tokens.length = this.#rowStart - 1;
        this.#rowStart = -1;
        return true;
      }
      this.#rowStart = -1;
    } else if (!isLiteral(token) && token.word !== ',' && token.word !== '-') {
      this.#rowStart = -1;
      if (token.word !== ')') this.#rows = 0;
    }
    tokens.push(token);
    return tokens.length < MAX_TOKENS;
  }
}

function isLiteral(token: Token): boolean {
  return token.kind === 'string' || token.kind === 'number' || token.word === 'null' || token.word === '?';
}
