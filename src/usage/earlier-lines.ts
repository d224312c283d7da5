interface OfDay {
  readonly day: number;
}

export interface EarlierLinesInput<Key extends OfDay, Line extends Key> {
  readonly lines: AsyncIterable<string> | undefined;
  readonly parse: (text: string) => Line;
  /** What lines of a day are sorted by. */
  readonly nameOf: (key: Key) => string;
  /** Those of days before are left out. */
  readonly oldest: number;
}

/** What an earlier run left in the staging store, a line for each day and name, in their order. */
export class EarlierLines<Key extends OfDay, Line extends Key> {
  readonly #lines: AsyncIterator<string> | undefined;
  #next: Line | undefined;
  #begun = false;

  constructor(private readonly input: EarlierLinesInput<Key, Line>) {
    this.#lines = input.lines?.[Symbol.asyncIterator]();
  }

  /** Those before the key, which stay as they are. */
  async *upTo(key: Key | undefined): AsyncGenerator<Line> {
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      if (key !== undefined && !this.#isBefore(next, key)) return;
      if (next.day >= this.input.oldest) yield next;
      await this.#advance();
    }
  }

  /** The one of that key, when it is the next. */
  async take(key: Key): Promise<Line | undefined> {
    const { nameOf } = this.input;
    const next = await this.#peek();
    if (next?.day !== key.day || nameOf(next) !== nameOf(key)) return undefined;
    await this.#advance();
    return next;
  }

  /** The one of that key; asked for in their order. */
  async find(key: Key): Promise<Line | undefined> {
    for await (const line of this.upTo(key)) void line;
    return this.take(key);
  }

  async close(): Promise<void> {
    await this.#lines?.return?.();
  }

  async #peek(): Promise<Line | undefined> {
    if (!this.#begun) await this.#advance();
    return this.#next;
  }

  async #advance(): Promise<void> {
    this.#begun = true;
    const next = await this.#lines?.next();
    this.#next = next === undefined || next.done === true ? undefined : this.input.parse(next.value);
  }

  #isBefore(one: Key, other: Key): boolean {
    const { nameOf } = this.input;
    return one.day === other.day ? nameOf(one) < nameOf(other) : one.day < other.day;
  }
}
