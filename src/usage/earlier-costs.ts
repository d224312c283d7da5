import { z } from 'zod';

/**
 * What outlives a run: the costs that the catalog has, a line per statement and day, sorted by day and checksum. The
 * last part says which statement of which catalog it is about: its id, when the record was sent, and the record's id
 * where the catalog told it.
 */
const sentCost = z.tuple([
  z.number(),
  z.string(),
  z.number(),
  z.object({ query: z.string(), sentAt: z.number(), record: z.exactOptional(z.string()) }).optional(),
]);
export type SentCost = z.infer<typeof sentCost>;

export type CostKey = readonly [day: number, checksum: string];

export function parseSentCost(line: string): SentCost {
  return sentCost.parse(JSON.parse(line));
}

/** The lines of the version before, in their order; those of days that are no longer kept are left out. */
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
  async *upTo(key: CostKey | undefined): AsyncGenerator<string> {
    for (let next = await this.#peek(); next !== undefined; next = await this.#peek()) {
      if (key !== undefined && !isBefore(next, key)) return;
      if (next[0] >= this.oldest) yield JSON.stringify(next);
      await this.#advance();
    }
  }

  /** The line of that key, when it is the next one. */
  async take([day, checksum]: CostKey): Promise<SentCost | undefined> {
    const next = await this.#peek();
    if (next?.[0] !== day || next[1] !== checksum) return undefined;
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

function isBefore([day, checksum]: SentCost, [otherDay, otherChecksum]: CostKey): boolean {
  return day === otherDay ? checksum < otherChecksum : day < otherDay;
}
