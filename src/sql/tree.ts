/**
 * The small tree that the reader makes and the resolver walks. It holds what lineage needs and nothing else: an
 * expression is the columns and subqueries in it, in no particular shape.
 */

/** One part of a dotted name, without quotes. */
export interface NamePart {
  readonly text: string;
  readonly quoted: boolean;
  /** Of `INTO TEMP t`: the table is the session's own. */
  readonly temporary?: true;
  /** Of `ON COMMIT DROP`: the transaction's own. */
  readonly isOfTransaction?: true;
}

export type Name = readonly NamePart[];

/** A file, stage or bucket that is read or written like a table. */
export interface Location {
  readonly path: string;
}

export type Source = Name | Location;

export interface ColumnReference {
  /** `['o', 'id']` for `o.id`, each as it is compared: names of columns are, wherever they are in this tree. */
  readonly parts: readonly string[];
  /** Of `(t).c` and `(t.c).f`: what is taken of the row, or of the column's value. */
  readonly field?: string;
}

/** `left = right` between two columns in a join condition or WHERE. */
export interface Equality {
  readonly left: ColumnReference;
  readonly right: ColumnReference;
}

export interface Expression {
  readonly columns: ColumnReference[];
  /** Subqueries whose output columns flow into the value. */
  readonly queries: Query[];
  /** Subqueries of EXISTS: their tables are read, no value comes from them. */
  readonly tests: Query[];
  /** `count(*)`: the rows are read, no column. */
  countsRows: boolean;
  /** `hash(*)`, `object_construct(t.*)`: every column flows into the value. */
  readonly stars: Pick<StarItem, 'qualifier' | 'except' | 'like'>[];
  readonly equalities: Equality[];
  /** Windows used by name: `OVER w`. */
  readonly windows: string[];
}

export interface ValueItem {
  readonly kind: 'value';
  readonly value: Expression;
  /** Nothing but a column. */
  readonly isColumn: boolean;
  readonly alias?: string;
  /** What the column is called without an alias: the column's own name, else the expression's text. */
  readonly name: string;
}

export interface StarItem {
  readonly kind: 'star';
  /** Empty for `*`, `['t']` for `t.*`. */
  readonly qualifier: readonly string[];
  readonly except: readonly string[];
  readonly rename: ReadonlyMap<string, string>;
  readonly replace: readonly ValueItem[];
  /** Snowflake's `* ILIKE 'pattern'`: only the columns whose names fit. */
  readonly like?: string;
}

export type SelectItem = ValueItem | StarItem;

interface Aliased {
  readonly alias?: string;
  /** `AS t (a, b)`. */
  readonly columnAliases?: readonly string[];
}

export interface TableRelation extends Aliased {
  readonly kind: 'table';
  readonly source: Source;
  /** T-SQL's `inserted` of a change: in scope, but its table is changed, not read. */
  readonly unread?: true;
  /** T-SQL's `deleted`: its values are those from before the change. */
  readonly before?: true;
}

export interface QueryRelation extends Aliased {
  readonly kind: 'query';
  readonly query: Query;
  /** Names of the query's own relations still qualify their columns: behind a pipe. */
  readonly keepsNames?: true;
}

/** UNNEST, FLATTEN, LATERAL VIEW explode, JSON_TABLE: every output column comes from the arguments' columns. */
export interface FunctionRelation extends Aliased {
  readonly kind: 'function';
  readonly args: Expression;
  /** What its columns are called when no alias list says so; any name matches when empty. */
  readonly outputs: readonly string[];
}

export interface PivotRelation extends Aliased {
  readonly kind: 'pivot';
  readonly input: Relation;
  /** Columns that the pivot consumes. */
  readonly consumed: readonly string[];
  /** Columns that it makes, each with the input columns it comes from. */
  readonly made: readonly { readonly name: string; readonly from: readonly string[] }[];
  /** The only columns of the input that it passes on; absent = all but the consumed ones. */
  readonly kept?: readonly string[];
  /** Subqueries that list the values: read for their tables. */
  readonly queries?: readonly Query[];
}

/** The rows that an INSERT of a query or a change makes: columns that the query gives beside the table's own. */
export interface InsertedRelation extends Aliased {
  readonly kind: 'inserted';
  readonly source: Source;
  /** What the query gives, in order; empty = the table's columns. */
  readonly columns: readonly string[];
  readonly query: Query;
  /** Given columns that ON CONFLICT sets to something else than what the query gives. */
  readonly changed: readonly string[];
}

export type Relation = TableRelation | QueryRelation | FunctionRelation | PivotRelation | InsertedRelation;

export interface Cte {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Query {
  readonly kind: 'query';
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
  readonly body: QueryBody;
  /** ORDER BY and LIMIT: read for their subqueries. */
  readonly tail: readonly Expression[];
  /** `… UNION … INTO OUTFILE 'x'`: where all of it goes. */
  readonly into?: Source;
  /** The table whose change returns these rows: they are read only where the CTE is used. */
  readonly returnedOf?: Source;
}

export type QueryBody = Select | SetOperation | Values | Query;

/** A join by columns that both sides have: `JOIN … USING (columns)`, `NATURAL JOIN`. Its sides are places in FROM. */
export interface SharingJoin {
  /** Absent for a NATURAL JOIN: all that both sides have. */
  readonly columns?: readonly string[];
  /** Where the left side begins. */
  readonly left: number;
  /** Where the left side ends and the right one begins. */
  readonly joined: number;
  /** Behind the right side. */
  readonly end: number;
  /** A RIGHT JOIN. */
  readonly isRight: boolean;
  /** PostgreSQL's `USING (columns) AS alias`: qualifies these columns, and hides nothing. */
  readonly alias?: string;
}

export interface Select {
  readonly kind: 'select';
  readonly items: readonly SelectItem[];
  readonly from: readonly Relation[];
  readonly using: readonly SharingJoin[];
  /** ON, WHERE, GROUP BY, HAVING, QUALIFY, ORDER BY: read for their subqueries and equalities. */
  readonly conditions: readonly Expression[];
  readonly windows: ReadonlyMap<string, Expression>;
  readonly into?: Source;
  /** Of what RETURNING shows. */
  readonly changed?: ChangedRow;
}

/** What PostgreSQL's RETURNING calls the row before and after the change, besides its table's name. */
export interface ChangedRow {
  /** Its place in FROM. */
  readonly at: number;
  readonly old: string;
  readonly anew: string;
}

export interface SetOperation {
  readonly kind: 'set';
  /** In order, two or more: a chain of a thousand UNIONs is one list, not a deep tree. */
  readonly operands: readonly Query[];
  /** DuckDB's and Snowflake's UNION BY NAME. */
  readonly byName: boolean;
}

export interface Values {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

export function newExpression(): Expression {
  return { columns: [], queries: [], tests: [], countsRows: false, stars: [], equalities: [], windows: [] };
}

export function isLocation(source: Source): source is Location {
  return 'path' in source;
}
