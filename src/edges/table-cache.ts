import type { FoundTable } from './table-finder.js';

/** Entries kept at once, tables and names each; some 2 KiB a table of 20 columns. */
const CAPACITY = 10_000;
/** What was looked up longer ago is looked up again: the catalog changes. Milliseconds. */
const MAX_AGE_MS = 10 * 60_000;

/** What a run has looked up so far, absent tables included; shared by the run's activities in a worker. Bounded, the oldest entry goes first. */
export class TableCache {
  readonly #names = new Map<string, { readonly at: number; readonly tables: readonly FoundTable[] }>();

  constructor(private readonly now: () => number = Date.now) {}

  get(key: string): readonly FoundTable[] | undefined {
    const entry = this.#names.get(key);
    return entry === undefined || this.now() - entry.at > MAX_AGE_MS ? undefined : entry.tables;
  }

  set(key: string, tables: readonly FoundTable[]): void {
    this.#names.delete(key);
    this.#names.set(key, { at: this.now(), tables });
    if (this.#names.size <= CAPACITY) return;
    const oldest = this.#names.keys().next();
    if (oldest.done !== true) this.#names.delete(oldest.value);
  }
}
