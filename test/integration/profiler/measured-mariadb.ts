import { isUnchanged, remember, type RememberedTable } from '../../../src/profiler/remembered.js';
import { findSource, type MeasureSource } from '../../../src/sources/index.js';
import type { TestMariadb } from '../../services/mariadb.js';

const SHOP = { database: 'default', schema: 'shop' };

/** The schema `shop` of a server as the profiler's listing sees it, time after time. */
export class MeasuredMariadb {
  /** Sent since it was set to 0. */
  statements = 0;
  readonly #remembered = new Map<string, RememberedTable>();
  #source: MeasureSource | undefined;

  async open({ user, password, hostPort }: TestMariadb): Promise<void> {
    const config = { username: user, authType: { password }, hostPort };
    const context = {
      runTag: 'test',
      signal: new AbortController().signal,
      onStatement: () => (this.statements += 1),
      onWarning: () => undefined,
    };
    this.#source = await findSource('mysql').openMeasures?.(config, context, { statementTimeoutMs: 60_000 });
  }

  async close(): Promise<void> {
    await this.#source?.close();
  }

  /** As if all of them were profiled now. */
  async rememberAll(): Promise<void> {
    const facts = await this.#facts();
    for (const { table, changed } of facts.tables.values())
      this.#remembered.set(table, remember('plan', facts, changed, 1));
  }

  /** The names of those that are not proven to be as they were remembered. */
  async changedTables(): Promise<string[]> {
    return [...(await this.#facts()).tables.values()]
      .filter(({ table, changed }) => !isUnchanged(this.#remembered.get(table), 'plan', changed))
      .map(({ table }) => table)
      .sort();
  }

  #facts(): ReturnType<MeasureSource['facts']> {
    return this.#source?.facts(SHOP) ?? Promise.reject(new Error('it is not open'));
  }
}
