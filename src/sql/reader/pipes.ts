import { beginning } from '../../contract/beginning.js';
import type { Cte, Expression, Query, QueryBody, Relation, Select, SelectItem, ValueItem } from '../tree.js';
import { endOf, isPipe } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readAggregate, readAssignments, readNames, readRenames, readValues } from './pipe-lists.js';
import { ALL_COLUMNS, plainQuery } from './plain-query.js';
import { readCtes } from './ctes.js';
import { readSetOperands, readTail } from './queries.js';
import { readAttached, readRelation } from './relation.js';
import { FromClause } from './relations.js';
import { readConditions, readSelectList } from './selects.js';

/** A query and the CTEs that its pipes name. */
export interface Piped {
  readonly body: QueryBody;
  readonly ctes: readonly Cte[];
}

/** Reads `|> WHERE … |> JOIN … |> AGGREGATE …` behind a query, of BigQuery and Spark; nothing when there is no pipe. */
export function readPipes(cursor: Cursor, first: Query): Piped | undefined {
  if (!isPipe(cursor, cursor.peek().word)) return undefined;
  const pipes = new Pipes(cursor, first);
  while (isPipe(cursor, cursor.peek().word)) {
    if (pipes.depth >= MOST_QUERIES) {
      cursor.doubt('too many pipe operators');
      while (isPipe(cursor, cursor.peek().word)) cursor.at = endOf(cursor, cursor.at + 2, { comma: false });
      break;
    }
    cursor.next();
    pipes.read();
  }
  return { body: pipes.body(), ctes: pipes.ctes };
}

/** Queries within one another: the JavaScript stack must never be what sets the limit. */
const MOST_QUERIES = 150;

/**
 * One SELECT, as far as operators can share it: filters and joins add to it; what changes the columns closes it, and
 * the next one reads from it.
 */
class Pipes {
  readonly ctes: Cte[] = [];
  /** How many queries are within one another. */
  depth = 0;
  #from: FromClause;
  #conditions: Expression[];
  #windows = new Map<string, Expression>();

  constructor(
    private readonly cursor: Cursor,
    { body, tail }: Query
  ) {
    const isFromOnly = body.kind === 'select' && body.into === undefined && isWholeStar(body.items);
    this.#from = isFromOnly
      ? new FromClause(cursor, undefined, body)
      : from(cursor, { kind: 'query', query: plainQuery(body) });
    this.#conditions = [...(isFromOnly ? body.conditions : []), ...tail];
  }

  /** Reads the operator behind a pipe. */
  read(): void {
    const { cursor } = this;
    const start = cursor.at;
    const { word } = cursor.peek();
    switch (word) {
      case 'where':
      case 'order':
      case 'sort':
      case 'cluster':
      case 'distribute':
      case 'limit':
      case 'offset':
        readConditions(cursor, this.#conditions, this.#windows);
        readTail(cursor, this.#conditions);
        break;
      case 'select':
        this.#closeWith(readSelectList(cursor), { keepsNames: false });
        break;
      case 'extend':
      case 'window':
        cursor.next();
        this.#extend(readValues(cursor));
        break;
      case 'set':
        cursor.next();
        this.#closeWith([{ ...ALL_COLUMNS, replace: readAssignments(cursor) }]);
        break;
      case 'drop':
        cursor.next();
        this.#closeWith([{ ...ALL_COLUMNS, except: readNames(cursor) }]);
        break;
      case 'rename':
        cursor.next();
        this.#closeWith([{ ...ALL_COLUMNS, rename: readRenames(cursor) }]);
        break;
      case 'aggregate':
        cursor.next();
        this.#closeWith(readAggregate(cursor), { keepsNames: false });
        break;
      case 'with':
        this.ctes.push(...readCtes(cursor).ctes);
        break;
      case 'call':
        cursor.next();
        this.#call();
        break;
      case 'distinct':
        cursor.next();
        break;
      case 'assert':
        this.#conditions.push(this.#rest(start + 1));
        break;
      default:
        this.#others();
    }
    if (cursor.at > start && (cursor.done || isEnd(cursor))) return;
    cursor.doubt(`a pipe operator not read: "${beginning(cursor.peek().text, 20)}"`);
    cursor.at = endOf(cursor, cursor.at, { comma: false });
  }

  /** The whole as one query. */
  body(): QueryBody {
    const [only] = this.#from.relations;
    const isBare = this.#from.relations.length === 1 && this.#conditions.length === 0;
    if (isBare && only?.kind === 'query' && only.columnAliases === undefined) return only.query;
    return this.#select([ALL_COLUMNS]);
  }

  /** Joins, set operations, and what may follow a table as well: AS, TABLESAMPLE, PIVOT. */
  #others(): void {
    const { cursor } = this;
    if (this.#from.readJoins()) return;
    const set = readSetOperands(cursor);
    if (set.operands.length > 0) {
      const operands = [plainQuery(this.#select([ALL_COLUMNS])), ...set.operands];
      this.#restart({ kind: 'query', query: plainQuery({ kind: 'set', operands, byName: set.byName }) });
      return;
    }
    this.#restart(readAttached(cursor, { kind: 'query', query: plainQuery(this.#select([ALL_COLUMNS])) }));
  }

  /** New columns beside all others: rows of a subquery that sees what is there. */
  #extend(items: readonly ValueItem[]): void {
    this.#from.relations.push({ kind: 'query', query: plainQuery(selectOf(items, [], [])) });
  }

  #closeWith(items: readonly SelectItem[], { keepsNames } = { keepsNames: true }): void {
    // A list of windows may follow the columns that use them.
    readConditions(this.cursor, this.#conditions, this.#windows);
    const query = plainQuery(this.#select(items));
    this.#restart({ kind: 'query', query, ...(keepsNames ? { keepsNames } : {}) });
  }

  /** A table function gets all of the rows. */
  #call(): void {
    const called = readRelation(this.cursor);
    if (called?.kind !== 'function') return;
    const args = { ...called.args, queries: [...called.args.queries, plainQuery(this.#select([ALL_COLUMNS]))] };
    this.#restart({ ...called, args });
  }

  #select(items: readonly SelectItem[]): Select {
    const { relations, using, conditions } = this.#from;
    return {
      ...selectOf(items, relations, using),
      conditions: [...this.#conditions, ...conditions],
      windows: this.#windows,
    };
  }

  #restart(relation: Relation): void {
    this.depth += 1;
    this.#from = from(this.cursor, relation);
    this.#conditions = [];
    this.#windows = new Map();
  }

  #rest(start: number): Expression {
    this.cursor.at = endOf(this.cursor, start, { comma: false });
    return readExpression(this.cursor, start, this.cursor.at);
  }
}

function isWholeStar([item, ...more]: readonly SelectItem[]): boolean {
  if (item?.kind !== 'star' || more.length > 0 || item.like !== undefined) return false;
  return item.qualifier.length + item.except.length + item.rename.size + item.replace.length === 0;
}

function from(cursor: Cursor, relation: Relation): FromClause {
  return new FromClause(cursor, undefined, { from: [relation], using: [] });
}

function selectOf(items: readonly SelectItem[], relations: readonly Relation[], using: Select['using']): Select {
  return { kind: 'select', items, from: relations, using, conditions: [], windows: new Map() };
}

function isEnd(cursor: Cursor): boolean {
  const { word } = cursor.peek();
  return word === ')' || word === ';' || isPipe(cursor, word);
}
