import { z } from 'zod';
import { countWords } from '../contract/count-words.js';

/** Names that a chunk passes on; the tail of a log that names thousands of lost tables helps nobody. */
const MOST_OF_CHUNK = 500;
/** Most distinct names that are counted for a run; after that the report says "more than". */
const MOST_OF_RUN = 50_000;
/** Names in the report. */
const NAMED = 20;

export const unknownTally = z.object({
  /** Tables that the catalog doesn't know, with how often they were named; the most frequent ones of the chunk. */
  unknown: z.record(z.string(), z.number()),
  /** There were more of them. */
  isCut: z.exactOptional(z.literal(true)),
  /** Temporary tables that the chunk's statements make. */
  temporary: z.array(z.string()).optional(),
});
export type UnknownTally = z.infer<typeof unknownTally>;

/** Counts the tables that a log names and the catalog doesn't have, first of a chunk, then of all chunks of a run. */
export class UnknownTables {
  readonly #times = new Map<string, number>();
  readonly #temporary = new Set<string>();
  #isCut = false;

  add(name: string, times = 1): void {
    const known = this.#times.get(name);
    if (known !== undefined || this.#times.size < MOST_OF_RUN) this.#times.set(name, (known ?? 0) + times);
    else this.#isCut = true;
  }

  addTemporary(name: string): void {
    if (this.#temporary.size < MOST_OF_RUN) this.#temporary.add(name);
  }

  addTally({ unknown, temporary = [], isCut }: UnknownTally): void {
    this.#isCut ||= isCut === true;
    for (const [name, times] of Object.entries(unknown)) this.add(name, times);
    for (const name of temporary) this.addTemporary(name);
  }

  get isEmpty(): boolean {
    return this.#lost().length === 0;
  }

  tally(): UnknownTally {
    const temporary = [...this.#temporary].slice(0, MOST_OF_CHUNK);
    return {
      unknown: Object.fromEntries(mostFirst(this.#times).slice(0, MOST_OF_CHUNK)),
      ...(this.#isCut || this.#times.size > MOST_OF_CHUNK ? { isCut: true } : {}),
      ...(temporary.length === 0 ? {} : { temporary }),
    };
  }

  /**
   * What a report says of them, such as `: A (2 texts), B (1 text)`; undefined when there are none.
   *
   * @param one what names a table, in the singular
   * @param many in the plural
   */
  listed(one: string, many: string): string | undefined {
    const lost = this.#lost();
    if (lost.length === 0) return undefined;
    const named = mostFirst(lost)
      .slice(0, NAMED)
      .map(([name, times]) => `${name} (${countWords(times, one, many)})`);
    const count = `${this.#isCut ? 'more than ' : ''}${lost.length}`;
    return `${lost.length > NAMED ? `; the first of ${count}: ` : ': '}${named.join(', ')}`;
  }

  /** Without temporary tables: other statements of their sessions name them too. */
  #lost(): [string, number][] {
    return [...this.#times].filter(([name]) => !this.#temporary.has(name));
  }
}

/** The most frequent first, alike ones by name, so that two runs say the same. */
export function mostFirst(counts: Iterable<[string, number]>): [string, number][] {
  return [...counts].sort(([left, many], [right, few]) => few - many || (left < right ? -1 : 1));
}
