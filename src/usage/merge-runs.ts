import { z } from 'zod';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';

/** A line of a sorted run. */
export type Keyed<T> = readonly [key: string, value: T];

export interface MergeRunsInput<T> {
  readonly store: StagingStore;
  /** Each sorted by key, each key once; an earlier one is the left side of a merge. */
  readonly runs: readonly SliceAddress[];
  readonly line: z.ZodType<T>;
  readonly unite: (left: T, right: T) => T;
  /** Only keys that come after this one. */
  readonly after: string | undefined;
}

const keyed = z.tuple([z.string(), z.unknown()]);

/** Merges sorted runs into one sorted sequence in which each key comes once. Holds one chunk of each run. */
export async function* mergeRuns<T>(input: MergeRunsInput<T>): AsyncGenerator<Keyed<T>> {
  const { store, runs, unite, after } = input;
  let heads: Head<T>[] = [];
  for (const run of runs) {
    const head = new Head(store, await store.manifest(run), input.line);
    do await head.advance();
    while (after !== undefined && head.current !== undefined && head.current[0] <= after);
    heads.push(head);
  }
  for (;;) {
    heads = heads.filter((head) => head.current !== undefined);
    let key: string | undefined;
    for (const { current } of heads)
      if (current !== undefined && (key === undefined || current[0] < key)) key = current[0];
    if (key === undefined) return;
    let merged: T | undefined;
    for (const head of heads) {
      if (head.current?.[0] !== key) continue;
      merged = merged === undefined ? head.current[1] : unite(merged, head.current[1]);
      await head.advance();
    }
    if (merged !== undefined) yield [key, merged];
  }
}

/** The next line of one run. */
class Head<T> {
  /** Undefined at the end. */
  current: Keyed<T> | undefined;
  #lines: Iterator<unknown> = [][Symbol.iterator]();
  #next = 0;

  constructor(
    private readonly store: StagingStore,
    private readonly entries: readonly ManifestEntry[],
    private readonly line: z.ZodType<T>
  ) {}

  async advance(): Promise<void> {
    for (;;) {
      const next = this.#lines.next();
      if (next.done !== true) {
        this.current = this.#parse(next.value);
        return;
      }
      const entry = this.entries[this.#next];
      if (entry === undefined) {
        this.current = undefined;
        return;
      }
      this.#next += 1;
      this.#lines = (await this.store.read(entry))[Symbol.iterator]();
    }
  }

  #parse(value: unknown): Keyed<T> {
    const [key, held] = keyed.parse(value);
    return [key, this.line.parse(held)];
  }
}
