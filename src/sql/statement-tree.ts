/** The statements that the reader makes, of the queries and expressions of tree.ts. */
import type { ColumnReference, Cte, Expression, Name, Query, Relation, Select, SharingJoin, Source } from './tree.js';

export interface Assignment {
  readonly column: ColumnReference;
  readonly value: Expression;
  /** `(a, b) = (SELECT x, y …)`: which column of the subquery. */
  readonly position?: number;
}

export interface MergeClause {
  readonly columns: readonly string[];
  readonly values: readonly Expression[];
  readonly assignments: readonly Assignment[];
  /** `INSERT ROW`, `INSERT *`, `UPDATE SET *`: every column of the source goes to its namesake. */
  readonly wholeRow: boolean;
}

export interface InsertBranch {
  readonly target: Source;
  readonly columns: readonly string[];
  /** `VALUES (…)` of INSERT ALL; absent = the query's columns in order. */
  readonly values?: readonly Expression[];
  readonly query?: Query;
}

export type Statement =
  | { readonly kind: 'select'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly target: Source;
      /** `INSERT INTO t AS alias`: what RETURNING calls its rows. */
      readonly alias?: string;
      readonly columns: readonly string[];
      /** Columns of `PARTITION (dt = '…')`, which the query doesn't give. */
      readonly fixedColumns: readonly string[];
      readonly query?: Query;
      readonly byName: boolean;
      readonly extras: readonly Expression[];
      /**
       * Of ON DUPLICATE KEY UPDATE and ON CONFLICT DO UPDATE; `excluded.c` is the value that was to be inserted into c.
       */
      readonly upserts?: readonly Assignment[];
      /** What MySQL's `VALUES (…) AS new (a, b)` calls the row that was to be inserted. */
      readonly row?: { readonly alias: string; readonly columns: readonly string[] };
    }
  | {
      readonly kind: 'create';
      readonly what: 'table' | 'view';
      /** The view reads itself. */
      readonly recursive?: boolean;
      readonly target: Name;
      readonly columns: readonly string[];
      readonly query?: Query;
    }
  | {
      readonly kind: 'update';
      readonly ctes: readonly Cte[];
      readonly recursive: boolean;
      /** What is between UPDATE and SET. */
      readonly targets: readonly Relation[];
      /** What follows FROM. */
      readonly relations: readonly Relation[];
      /** Of targets and relations, one behind the other. */
      readonly using: readonly SharingJoin[];
      readonly assignments: readonly Assignment[];
      readonly conditions: readonly Expression[];
    }
  | {
      readonly kind: 'merge';
      readonly ctes: readonly Cte[];
      readonly recursive: boolean;
      readonly target: Relation;
      /** What follows USING: several with a join. */
      readonly sources: readonly Relation[];
      readonly using: readonly SharingJoin[];
      readonly clauses: readonly MergeClause[];
      readonly conditions: readonly Expression[];
    }
  | { readonly kind: 'multi-insert'; readonly branches: readonly InsertBranch[]; readonly query?: Query }
  /** Whole contents go from one place to another: CLONE, LIKE, SWAP, EXCHANGE PARTITION, COPY, LOAD, UNLOAD. */
  | {
      readonly kind: 'transfer';
      readonly verb: TransferVerb;
      readonly from: readonly Source[];
      readonly to: Source;
      readonly columns: readonly string[];
      readonly query?: Query;
      /** The other table loses the rows; `both`: and has those that this one had. */
      readonly movesRows?: true | 'both';
    }
  /** What it keeps for the session: a query under a name, or what is there already. */
  | { readonly kind: 'cache'; readonly target?: Name; readonly query: Query }
  | {
      readonly kind: 'delete';
      /** Tables or aliases among the relations; empty: the first of these. */
      readonly targets: readonly Name[];
      /** What it reads to find its rows. */
      readonly query: Query & { readonly body: Select };
      /** Nothing is left. */
      readonly empties?: true;
    }
  /** Tables change otherwise, and no data flows: TRUNCATE, ALTER, RESTORE. */
  | { readonly kind: 'change'; readonly tables: readonly Source[]; readonly empties?: true }
  /** Names are maintenance, in whatever words; `alters`: ALTER TABLE changes the table besides. */
  | {
      readonly kind: 'rename';
      readonly pairs: readonly { readonly from: Name; readonly to: Name }[];
      readonly alters?: true;
    }
  | { readonly kind: 'drop'; readonly tables: readonly Name[] }
  | Use
  | Way
  /** What ends settings and temporary tables, or takes them back; `name` of a savepoint. */
  | { readonly kind: 'transaction'; readonly does: TransactionStep; readonly name?: string }
  /**
   * A body: statements that run under one name. `stored` ones (procedures, tasks) only run when something calls them.
   */
  | {
      readonly kind: 'body';
      readonly statements: readonly Statement[];
      readonly trigger?: Trigger;
      readonly stored?: boolean;
      /** What it chooses by USE holds in it alone: T-SQL's `EXEC ('USE db …')`. */
      readonly isApart?: true;
      /** What may run in their place, and names the same tables: of texts that branches make. */
      readonly others?: readonly (readonly Statement[])[];
    }
  | { readonly kind: 'other'; readonly verb: string };

export interface Use {
  readonly kind: 'use';
  readonly what?: UseOf;
  /** None: names are looked up again where they were at first. */
  readonly name: Name;
  /** Schemas behind the first one where names are looked up. */
  readonly path?: Name;
  /** How many of these stand before the session's own tables: PostgreSQL's `s, pg_temp`. */
  readonly ahead?: number;
  /** It holds until the transaction ends. */
  readonly isLocal?: true;
  /** One of several: names of that place are told. */
  readonly isOneOf?: true;
  /** Only the run knows which: names that it completes are told. */
  readonly asks?: 'schema' | 'database';
}

/**
 * Where ways through a text part, of which one is taken, where the next one begins, and where they meet: what is chosen
 * by USE is known behind them where all choose the same.
 */
export interface Way {
  readonly kind: 'way';
  readonly does: 'part' | 'next' | 'meet';
  /** What else may have been chosen here. */
  readonly or: readonly Use[];
  /** The way that ends here does not go on behind it. */
  readonly leaves?: boolean;
  /** None of the ways may be taken. */
  readonly isOpen?: boolean;
}

/** What a trigger's body calls the row that changes. */
export interface Trigger {
  readonly table: Name;
  /** `new` and `old` and their like: names that qualify columns. */
  readonly rows: readonly string[];
  /** T-SQL's `inserted` and `deleted`: names of tables. */
  readonly tables: readonly string[];
}

/** What USE names; a catalog is what is called a database elsewhere. */
export type UseOf = 'catalog' | 'database' | 'schema';

export type TransactionStep = 'begin' | 'commit' | 'rollback' | 'save' | 'restore' | 'discard';

export type TransferVerb = 'clone' | 'like' | 'swap' | 'exchange' | 'copy' | 'load' | 'unload';
