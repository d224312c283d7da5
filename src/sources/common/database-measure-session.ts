import type { MeasureSession } from '../measures.js';

/** Those of the tables that a comparison reads. */
const MOST_OPEN = 2;

/**
 * A unit's session: connections to the databases that its tables are in, opened when they are asked for, the last two
 * of them.
 */
export class DatabaseMeasureSession implements MeasureSession {
  /** The one that was asked last comes last. */
  readonly #open = new Map<string, Promise<MeasureSession>>();

  constructor(
    private readonly home: string,
    private readonly open: (database: string) => Promise<MeasureSession>
  ) {}

  async rows(sql: string): ReturnType<MeasureSession['rows']> {
    return (await this.#of(this.home)).rows(sql);
  }

  async query(sql: string, limit: number): ReturnType<MeasureSession['query']> {
    return (await this.#of(this.home)).query(sql, limit);
  }

  in(database: string): MeasureSession {
    const at = (opened: () => Promise<MeasureSession>): MeasureSession => ({
      rows: async (sql) => (await opened()).rows(sql),
      query: async (sql, limit) => (await opened()).query(sql, limit),
      hidesRows: async (table) => (await (await opened()).hidesRows?.(table)) === true,
      close: () => this.close(),
    });
    const forUsersSql: MeasureSession['forUsersSql'] = (table, of) =>
      at(async () => {
        const session = await this.#of(database);
        return session.forUsersSql?.(table, of) ?? session;
      });
    return { ...at(() => this.#of(database)), forUsersSql };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((database) => this.#end(database)));
  }

  async #of(database: string): Promise<MeasureSession> {
    const known = this.#open.get(database);
    this.#open.delete(database);
    const session = known ?? this.open(database);
    this.#open.set(database, session);
    session.catch(() => this.#open.delete(database));
    for (const other of [...this.#open.keys()].slice(0, -MOST_OPEN)) await this.#end(other);
    return session;
  }

  async #end(database: string): Promise<void> {
    const session = this.#open.get(database);
    this.#open.delete(database);
    // One that could not be opened has nothing to close.
    await session?.then(
      (opened) => opened.close(),
      () => undefined
    );
  }
}
