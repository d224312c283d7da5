import type { Dialect } from '../dialect.js';
import type { Statement } from '../statement-tree.js';

type Transaction = Extract<Statement, { kind: 'transaction' }>;

interface SessionTable {
  readonly key: string;
  /** The transaction's end takes it away. */
  readonly isOfTransaction?: true;
}

/** Of the key of a table that only the session has: one of a schema may be called the same. */
const MARK = '\u0000session';

/** The session's own tables, from statement to statement, where these stand before all schemas of any path. */
export class SessionTables<Table extends SessionTable> {
  #own: ReadonlyMap<string, Table> = new Map();
  /** What a ROLLBACK brings back. */
  #begun: ReadonlyMap<string, Table> | undefined;
  readonly #saved: { readonly name: string; readonly own: ReadonlyMap<string, Table> }[] = [];

  get(key: string): Table | undefined {
    return this.#own.get(key);
  }

  /** Those among the tables that are not known yet: a text may say which schema they are in, and not make them. */
  add(tables: readonly Table[]): void {
    this.make(tables.filter(({ key }) => !this.#own.has(key)));
  }

  make(tables: readonly Table[]): void {
    const own = tables.filter(({ key }) => key.startsWith(MARK));
    if (own.length > 0) this.#own = new Map([...this.#own, ...own.map((table) => [table.key, table] as const)]);
  }

  rename(pairs: readonly { readonly from: Table; readonly to: Table }[]): void {
    for (const { from, to } of pairs) {
      if (!this.#own.has(from.key)) continue;
      this.drop([from]);
      this.make([to]);
    }
  }

  drop(tables: readonly Table[]): void {
    const gone = new Set(tables.map(({ key }) => key));
    this.#keep(({ key }) => !gone.has(key));
  }

  #keep(isKept: (table: Table) => boolean): void {
    if ([...this.#own.values()].every(isKept)) return;
    this.#own = new Map([...this.#own].filter(([, table]) => isKept(table)));
  }

  /** A table goes with the transaction that made it if this is rolled back, and with its end if it is its own. */
  follow({ does, name = '' }: Transaction): void {
    switch (does) {
      case 'begin':
        this.#begun ??= this.#own;
        return;
      case 'save':
        this.#saved.push({ name, own: this.#own });
        return;
      case 'restore':
        this.#own = this.#saved.findLast((each) => each.name === name)?.own ?? this.#own;
        return;
      case 'discard':
        this.#own = new Map();
        return;
      case 'rollback':
        this.#own = this.#begun ?? this.#own;
        break;
      case 'commit':
    }
    this.#keep(({ isOfTransaction }) => isOfTransaction !== true);
    this.#begun = undefined;
    this.#saved.length = 0;
  }

  /** @returns what brings back the state of now */
  hold(): () => void {
    const own = this.#own;
    return () => {
      this.#own = own;
    };
  }
}

/** @param name what the table is compared by, without a schema */
export function sessionKey(name: string): string {
  return `${MARK}\u0000${name.toLowerCase()}`;
}

/** Where a name is the session's own table before any other; in MySQL, Snowflake and Hive these are in schemas, too. */
export const SESSION_TABLES_FIRST: ReadonlySet<Dialect> = new Set([
  'ansi',
  'postgres',
  'redshift',
  'sqlite',
  'duckdb',
  'bigquery',
  'sparksql',
  'databricks',
  'clickhouse',
]);
