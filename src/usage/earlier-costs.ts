import { parseSentCost, type SentCost } from './sent-cost.js';

export type CostKey = Pick<SentCost, 'day' | 'checksum'>;

/** The costs of the version before, in their order; those of days that are no longer kept are left out. */
export class EarlierCosts {
  readonly #lines: AsyncIterator<string> | undefined;
  #next: SentCost | undefined;
  #begun = false;

  constructor(
    lines: AsyncIterable<string> | undefined,
    private readonly oldest: number
  ) {
    this.#lines = lines?.[Symbol.asyncIterator]();
  }

  /** Those before the key, which stay as they are. */
  async *upTo(key: CostKey | undefined): AsyncGenerator<SentCost> {
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      if (key !== undefined && !isBefore(next, key)) return;
      if (next.day >= this.oldest) yield next;
      await this.#advance();
    }
  }

  /** The one of that key, when it is the next. */
  async take({ day, checksum }: CostKey): Promise<SentCost | undefined> {
    const next = await this.#peek();
    if (next?.day !== day || next.checksum !== checksum) return undefined;
    await this.#advance();
    return next;
  }

  async #peek(): Promise<SentCost | undefined> {
    if (!this.#begun) await this.#advance();
    return this.#next;
  }

  async #advance(): Promise<void> {
    this.#begun = true;
    const next = await this.#lines?.next();
    this.#next = next === undefined || next.done === true ? undefined : parseSentCost(next.value);
  }
}

function isBefore(one: CostKey, other: CostKey): boolean {
  return one.day === other.day ? one.checksum < other.checksum : one.day < other.day;
}
