import { LookUpCache, type FoundTable } from '../../lineage/index.js';
import { ParserPool } from '../../sql/index.js';

/** A pool that nobody uses is closed after this long: its threads hold memory. Milliseconds. */
const IDLE_MS = 15_000;
/** Longest time one statement may take, whatever the recipe says; after that it is set aside. Milliseconds. */
const MOST_MS = 10_000;

interface Entry {
  readonly pool: ParserPool;
  readonly tables: LookUpCache<FoundTable>;
  users: number;
  idle?: NodeJS.Timeout;
}

/**
 * Parser threads of the worker, one pool per run: budgets, statements that crashed a thread and catalog look-ups belong
 * to the run.
 */
export class ParserPools {
  readonly #pools = new Map<string, Entry>();

  /** @param timeoutSeconds the recipe's parsingTimeoutLimit */
  async use<T>(
    run: string,
    timeoutSeconds: number,
    work: (pool: ParserPool, tables: LookUpCache<FoundTable>) => Promise<T>
  ): Promise<T> {
    const entry = this.#pools.get(run) ?? this.#open(run, Math.min(timeoutSeconds * 1000, MOST_MS));
    clearTimeout(entry.idle);
    entry.users += 1;
    try {
      return await work(entry.pool, entry.tables);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) entry.idle = setTimeout(() => void this.#close(run, entry), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools].map(([run, entry]) => this.#close(run, entry)));
  }

  #open(run: string, deadlineMs: number): Entry {
    const entry: Entry = { pool: new ParserPool({ deadlineMs }), tables: new LookUpCache<FoundTable>(), users: 0 };
    this.#pools.set(run, entry);
    return entry;
  }

  async #close(run: string, entry: Entry): Promise<void> {
    clearTimeout(entry.idle);
    if (this.#pools.get(run) === entry) this.#pools.delete(run);
    await entry.pool.close();
  }
}
