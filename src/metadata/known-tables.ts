import { LRUCache } from 'lru-cache';
import type { Catalog } from './catalog.js';
import type { ForeignKeyConstraint } from './constraints.js';

/** Referred tables remembered at once, about 200 bytes each. */
const REMEMBERED = 20_000;

/** Which tables that foreign keys refer to are in the catalog. */
export class KnownTables {
  readonly #tables = new LRUCache<string, boolean>({ max: REMEMBERED });

  constructor(private readonly catalog: Catalog) {}

  async hasAll(keys: readonly ForeignKeyConstraint[]): Promise<boolean> {
    for (const { referredTable } of keys) {
      const known = this.#tables.get(referredTable) ?? (await this.catalog.hasTable(referredTable));
      this.#tables.set(referredTable, known);
      if (!known) return false;
    }
    return true;
  }

  /** Only these need an answer: tables that nothing refers to are looked up again if needed. */
  add(fqns: ReadonlySet<string>): void {
    for (const fqn of fqns) if (this.#tables.has(fqn)) this.#tables.set(fqn, true);
  }
}
