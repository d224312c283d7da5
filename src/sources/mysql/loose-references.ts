import { looseReferences, referredSchemas } from './reference-queries.js';
import type { MysqlSession } from './session.js';

export const NO_NAMES: ReadonlySet<string> = new Set();

/**
 * Foreign keys that refer to columns without a unique key, which InnoDB allows: rare, so the set is small. Read when
 * the first table with a foreign key comes: many schemas have none.
 */
export class LooseReferences {
  readonly #control: MysqlSession;
  readonly #schema: string;
  /** By table and constraint. */
  #loose: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(control: MysqlSession, schema: string) {
    this.#control = control;
    this.#schema = schema;
  }

  /** Names of a table's. */
  async of(table: string): Promise<ReadonlySet<string>> {
    this.#loose ??= await this.#ask();
    return this.#loose.get(table) ?? NO_NAMES;
  }

  async #ask(): Promise<Map<string, Set<string>>> {
    const loose = new Map<string, Set<string>>();
    for (const { referredSchema, otherKeys } of await this.#control.query(referredSchemas(this.#schema))) {
      if (otherKeys === 0) continue;
      for (const { tableName, name } of await this.#control.query(looseReferences(this.#schema, referredSchema))) {
        loose.set(tableName, (loose.get(tableName) ?? new Set()).add(name));
      }
    }
    return loose;
  }
}
