import type { Token } from './reader/token.js';

/** Tokens between a variable and what is assigned to it: `@q nvarchar(max) =`. */
const MOST_BETWEEN = 7;

/** What stands in front of a string that a statement runs; tokens that are no words leave nothing between blanks. */
const RUNS =
  /(?:^| )(?:do|do language \S*|immediate|sp_executesql|sp_executesql \S* =|execute|exec(?:ute)? \(|(?:immediate|execute) (?:format|concat) \(|prepare \S* from)$/;

/** Tells which strings are run as SQL, each itself or through a variable that it is assigned to. */
export class RunTexts {
  #variables: ReadonlySet<string> | undefined;

  constructor(private readonly tokens: readonly Token[]) {}

  /** @param index of a string */
  has(index: number): boolean {
    return this.#isRunAt(index) || this.#isAssigned(index);
  }

  #isRunAt(index: number): boolean {
    const before = this.tokens.slice(Math.max(0, index - 3), index).map(({ word }) => word);
    return RUNS.test(before.join(' '));
  }

  /** `q := '…'; EXECUTE IMMEDIATE :q` */
  #isAssigned(index: number): boolean {
    if (!/^(:=|=|default)$/.test(this.tokens[index - 1]?.word ?? '')) return false;
    for (let at = index - 2; at >= Math.max(0, index - MOST_BETWEEN); at -= 1) {
      const token = this.tokens[at];
      if (token === undefined || /^(;|,|declare|set|let)$/.test(token.word)) break;
      if (this.#runVariables().has(nameOf(token))) return true;
    }
    return false;
  }

  #runVariables(): ReadonlySet<string> {
    this.#variables ??= new Set(
      this.tokens.flatMap((token, at) => {
        if (token.kind !== 'word' && token.kind !== 'parameter') return [];
        const first = this.tokens[at - 1]?.word === ':' ? at - 1 : at;
        return this.#isRunAt(first) ? [nameOf(token)] : [];
      })
    );
    return this.#variables;
  }
}

/** Snowflake refers to the variable of `SET v` as `$v`. */
function nameOf({ text }: Token): string {
  return text.toLowerCase().replace(/^\$/, '');
}
