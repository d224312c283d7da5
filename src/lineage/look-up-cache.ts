/** Entries kept at once; some 2 KiB a table of 20 columns. */
const CAPACITY = 10_000;
/** What was looked up longer ago is looked up again: the catalog changes. Milliseconds. */
const MAX_AGE_MS = 10 * 60_000;

/** What a run has looked up in the catalog so far, what is absent included; its activities in a worker may share one. Bounded, the oldest entry goes first. */
export class LookUpCache<Found> {
  readonly #entries = new Map<string, { readonly at: number; readonly found: readonly Found[] }>();

  constructor(private readonly now: () => number = Date.now) {}

  get(key: string): readonly Found[] | undefined {
    const entry = this.#entries.get(key);
    return entry === undefined || this.now() - entry.at > MAX_AGE_MS ? undefined : entry.found;
  }

  set(key: string, found: readonly Found[]): void {
    this.#entries.delete(key);
    this.#entries.set(key, { at: this.now(), found });
    if (this.#entries.size <= CAPACITY) return;
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }
}
