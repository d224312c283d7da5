import type { SqlSession } from './sql-session.js';
import type { TransferVerb } from './statement-tree.js';

/** What SQL does, judged by the statement that writes (in a script, the last one that does). */
export type StatementKind =
  | 'select'
  | 'insert'
  | 'create-table'
  | 'create-view'
  | 'update'
  | 'merge'
  | 'multi-insert'
  | 'rename'
  | 'drop'
  /** A body that is stored and not run: a procedure, a function, a task. */
  | 'procedure'
  /** A body that runs when its table changes. */
  | 'trigger'
  /** A body that runs: an anonymous block, dynamic SQL. */
  | 'block'
  | TransferVerb
  | 'other';

/** A table by its name. */
export interface Spelling {
  readonly name: string;
  readonly parts: readonly string[];
}

export interface LineageTable extends Spelling {
  /**
   * As written, without quotes: `db.s.t`. `path:` marks a file, stage or bucket. Unique within one lineage, ignoring
   * case: of two tables that would have the same one, the second has quotes.
   */
  readonly name: string;
  /**
   * The name's parts, outermost first; one part for a path. Where unquoted names fold and quoted ones don't
   * (PostgreSQL, Snowflake, Oracle), as the engine stores them; else as written.
   */
  readonly parts: readonly string[];
  readonly kind: 'table' | 'path';
  /**
   * Other tables that an unqualified name may mean, in the order of the search path, where `schema` has none of them
   * and not this one. Read again with the columns of the first that is there, the SQL has its name.
   */
  readonly otherwise?: readonly Spelling[];
  /** Nobody but the session that made it has it, and its name may be another table's elsewhere. */
  readonly temporary?: true;
  /** Of intermediate tables: the SQL itself creates it. */
  readonly made?: true;
  /** Of sources: a DELETE takes rows out of it, and nothing else reads it. */
  readonly onlyLoses?: true;
  /** Of targets: its former rows go to the table that its new ones come from. */
  readonly gives?: true;
}

export interface LineageColumn {
  /** A table's `name`; absent when several tables may have the column and no schema tells which. */
  readonly table?: string;
  /** As written, without quotes; `*` for all columns of a table whose columns are not known. */
  readonly column: string;
  /**
   * What it is compared by, ignoring case, where that is not `column`: of a name that means this column only in quotes
   * and in this case.
   */
  readonly identity?: string;
}

/** What the column is compared by, ignoring case. */
export function comparedBy({ column, identity = column }: LineageColumn): string {
  return identity;
}

export type ColumnPair = readonly [from: LineageColumn, to: LineageColumn];

/** One table feeding another in one statement. */
export interface TableEdge {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly ColumnPair[];
}

export interface ColumnJoin {
  readonly left: LineageColumn;
  readonly right: LineageColumn;
}

export interface QueryLineage {
  /** Tables that are read, except those made by the SQL itself. */
  readonly sources: readonly LineageTable[];
  /** Tables that are written and are not merely a step on the way. */
  readonly targets: readonly LineageTable[];
  /** Tables that one statement writes and a later one reads. */
  readonly intermediate: readonly LineageTable[];
  /** From sources to targets, through intermediate tables. */
  readonly columns: readonly ColumnPair[];
  /** Source → target of every statement, intermediate tables included: what becomes lineage edges. */
  readonly edges: readonly TableEdge[];
  /** Tables that change with no data flowing to them, but for temporary ones and those that the SQL itself makes. */
  readonly changed: readonly LineageTable[];
  /** Renamed tables, in order. */
  readonly renames: readonly { readonly from: LineageTable; readonly to: LineageTable }[];
  /** Columns compared by `=` in joins and WHERE, or named by USING, each pair once. */
  readonly joins: readonly ColumnJoin[];
  readonly kind: StatementKind;
  /** Why the reading may be incomplete; empty = understood to the last token. */
  readonly doubts: readonly string[];
}

/**
 * Columns of a table in their order, as the engine stores them, or `undefined` when the table is not known. `table` is
 * the name as written.
 */
export type SchemaLookup = (table: string) => readonly string[] | undefined;

export interface LineageOptions extends SqlSession {
  /**
   * Known columns, for `SELECT *`, unqualified columns and INSERT without a column list. A record is looked up ignoring
   * case when it doesn't have the very name.
   */
  readonly schema?: SchemaLookup | Readonly<Record<string, readonly string[]>>;
  /** Prepended to names without a schema. Default: names stay as written. */
  readonly defaultSchema?: string;
  /** Prepended to names without a database; only with `defaultSchema`. */
  readonly defaultDatabase?: string;
  /** Target of the columns of a plain query: the view that it defines. */
  readonly target?: string;
  /** `SELECT a AS x, x + 1`: aliases may be used further right. Default: what the dialect does. */
  readonly lateralAlias?: boolean;
  /** Statements follow one another without `;`. Default: what the dialect does (T-SQL: true). */
  readonly optionalSemicolon?: boolean;
  /** Tables whose names differ by case only are two, quoted or not: MySQL with lower_case_table_names = 0. */
  readonly exactNames?: boolean;
  /**
   * Bodies that the SQL only stores and that are left out: `procedures`, functions and tasks too, which do nothing
   * before they are called; `stored` triggers as well. Default: none.
   */
  readonly without?: 'procedures' | 'stored';
  /**
   * What a DELETE reads and CACHE keeps counts as read and joined, though no data flows. Default: false, but what
   * CACHE keeps does where later SQL reads it.
   */
  readonly countsAside?: boolean;
  /** `lower` folds unquoted table names. Default `written`. */
  readonly identifierCase?: 'written' | 'lower';
  /**
   * `rows`: `count(*)` reads `t.*`; `nothing`: it reads no column. Default `rows` for the dialect `ansi`, else
   * `nothing`.
   */
  readonly countStar?: 'rows' | 'nothing';
}
