/** What a literal in a test's parameter means. A date or decimal is written as a string or a number. */
export type Literal = string | number | boolean | null | readonly Literal[];

/** Thrown for text that isn't a literal list, tuple, set, string, number, boolean or null. */
export class LiteralError extends Error {
  override readonly name = 'LiteralError';
}

/** Deeper than any real parameter nests; keeps hostile input from exhausting the stack. */
const MOST_DEPTH = 20;

const WORDS: Readonly<Record<string, boolean | null>> = {
  True: true,
  true: true,
  False: false,
  false: false,
  None: null,
  null: null,
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  0: '\0',
  '\n': '',
};

/**
 * Reads a Python or JSON literal, the two ways in which OpenMetadata's users write lists: `["a", "b"]`, `('a', 'b',)`,
 * `{1, 2.5}`, `[True, None]`. An integer beyond 2^53 stays text, so that no digit is lost.
 * @throws LiteralError saying where the text stops being a literal
 */
export function parseLiteral(text: string): Literal {
  const reader = new LiteralReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class LiteralReader {
  #at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): Literal {
    if (depth > MOST_DEPTH) throw this.#wrong('lists are nested too deeply');
    this.#space();
    const first = this.text[this.#at];
    if (first === undefined) throw this.#wrong('a value is missing');
    if (first === '[') return this.#list(']', depth);
    if (first === '{') return this.#list('}', depth);
    if (first === '(') return this.#list(')', depth);
    if (first === '"' || first === "'") return this.#quoted(first);
    return this.#number() ?? this.#word();
  }

  end(): void {
    this.#space();
    if (this.#at < this.text.length) throw this.#wrong('something follows the value');
  }

  #list(close: string, depth: number): readonly Literal[] {
    this.#at += 1;
    const items: Literal[] = [];
    for (;;) {
      this.#space();
      if (this.text[this.#at] === close) {
        this.#at += 1;
        return items;
      }
      items.push(this.value(depth + 1));
      this.#space();
      if (this.text[this.#at] === ',') this.#at += 1;
      else if (this.text[this.#at] !== close) throw this.#wrong(`a comma or ${close} is missing`);
    }
  }

  #quoted(quote: string): string {
    let value = '';
    for (this.#at += 1; this.#at < this.text.length; this.#at += 1) {
      const character = this.text[this.#at] ?? '';
      if (character === quote) {
        this.#at += 1;
        return value;
      }
      value += character === '\\' ? this.#escape() : character;
    }
    throw this.#wrong('a quote is not closed');
  }

  /**
   * `#at` is on the backslash, and afterwards on the last character of the escape. An unknown escape is left as it is,
   * as in Python.
   */
  #escape(): string {
    const coded = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(
      this.text.slice(this.#at, this.#at + 10)
    );
    const digits = coded?.[1] ?? coded?.[2] ?? coded?.[3];
    if (coded !== null && digits !== undefined) {
      this.#at += coded[0].length - 1;
      const point = Number.parseInt(digits, 16);
      if (point > 0x10ffff) throw this.#wrong('there is no such character');
      return String.fromCodePoint(point);
    }
    this.#at += 1;
    const next = this.text[this.#at] ?? '';
    if (next === '\\' || next === '"' || next === "'" || next === '/') return next;
    return Object.hasOwn(ESCAPES, next) ? (ESCAPES[next] ?? '') : `\\${next}`;
  }

  #number(): number | string | undefined {
    const found = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(this.text.slice(this.#at, this.#at + 400));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const digits = found[0].replaceAll('_', '');
    const value = Number(digits);
    return /^[+-]?\d+$/.test(digits) && !Number.isSafeInteger(value) ? digits.replace(/^\+/, '') : value;
  }

  #word(): boolean | null {
    const word = /^[A-Za-z]+/.exec(this.text.slice(this.#at, this.#at + 20))?.[0] ?? '';
    const value = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (value === undefined) throw this.#wrong('a quoted string, a number, True, False or None is expected');
    this.#at += word.length;
    return value;
  }

  #space(): void {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at += 1;
  }

  #wrong(what: string): LiteralError {
    const near = this.text.slice(Math.max(0, this.#at - 10), this.#at + 20);
    return new LiteralError(
      `${what} at character ${this.#at + 1}${near === '' ? '' : `, near ${JSON.stringify(near)}`}`
    );
  }
}
