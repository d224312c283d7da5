import Database from 'libsql';

export type SqlValue = string | number | null;
export type SqlRow = readonly unknown[];

/** A prepared statement whose rows are plain arrays in the order of the selected columns. */
export class Statement {
  readonly #statement: Database.Statement;

  constructor(statement: Database.Statement) {
    this.#statement = statement.reader ? statement.raw() : statement;
  }

  /**
   * Runs it and returns how many rows changed. Parameters are passed as one list: a single null would not be accepted
   * otherwise.
   */
  run(...parameters: readonly SqlValue[]): number {
    return this.#statement.run(parameters).changes;
  }

  row(...parameters: readonly SqlValue[]): SqlRow | undefined {
    const row: unknown = this.#statement.get(parameters);
    return Array.isArray(row) ? row : undefined;
  }

  rows(...parameters: readonly SqlValue[]): SqlRow[] {
    return this.#statement.all(parameters).filter(Array.isArray);
  }
}

/** The little of SQLite that the catalog uses. Synchronous, one connection, each statement prepared once. */
export class Sqlite {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Statement>();

  /** `file` may be `:memory:` or a `file:` URL. */
  constructor(file: string, options: { readonly readonly?: boolean } = {}) {
    this.#database = new Database(file, options);
  }

  pragma(text: string): void {
    this.#database.pragma(text);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** For SQL from a small set: each stays prepared. */
  prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.prepareOnce(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** For SQL composed for one call. */
  prepareOnce(sql: string): Statement {
    return new Statement(this.#database.prepare(sql));
  }

  /** All or nothing. Calls don't nest. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }
}

export function textAt(row: SqlRow, index: number): string {
  const value = row[index];
  if (typeof value !== 'string') throw new TypeError(`Column ${index} of a catalog row isn't text.`);
  return value;
}

export function numberAt(row: SqlRow, index: number): number {
  const value = row[index];
  if (typeof value !== 'number') throw new TypeError(`Column ${index} of a catalog row isn't a number.`);
  return value;
}

export function textOrUndefinedAt(row: SqlRow, index: number): string | undefined {
  const value = row[index];
  return typeof value === 'string' ? value : undefined;
}
