import { beginning } from '../../contract/beginning.js';
import type { Expression, Relation, Select, SharingJoin } from '../tree.js';
import { readArrayJoin, readBareColumns } from './clickhouse.js';
import { endOf, isJoinHint, startsClause, startsJoin } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { identityAt, readColumnList } from './names.js';
import { startsChange } from './side-statements.js';
import { ALL_COLUMNS, rowsOf } from './plain-query.js';
import { startsQuery } from './queries.js';
import { readAttached, readRelation } from './relation.js';
import { readLateralView } from './table-functions.js';

const SET_WORDS: ReadonlySet<string> = new Set([
  'union',
  'intersect',
  'except',
  'minus',
  'order',
  'limit',
  'offset',
  'fetch',
]);

/** What is between FROM and WHERE: relations in the order they come into scope, and the conditions of their joins. */
export class FromClause {
  readonly relations: Relation[];
  readonly using: SharingJoin[];
  readonly conditions: Expression[] = [];
  /** Where the left side of joins begins: behind the comma or bracket. */
  #left = 0;

  constructor(
    private readonly cursor: Cursor,
    /** Words that end the list, besides the clauses: SET in an UPDATE. */
    private readonly stops: ReadonlySet<string> = new Set(),
    /** What joins continue. */
    begun: Pick<Select, 'from' | 'using'> = { from: [], using: [] }
  ) {
    this.relations = [...begun.from];
    this.using = [...begun.using];
  }

  /** Reads `a, b JOIN c ON …` at the cursor. */
  read(): void {
    const { cursor } = this;
    const outer = this.#left;
    do {
      this.#left = this.relations.length;
      this.#operand();
      while (this.#join()) continue;
    } while (cursor.take(',') && !this.#ends());
    this.#left = outer;
  }

  /** Reads `JOIN c ON … JOIN d ON …` to what is there; false when no join is at the cursor. */
  readJoins(): boolean {
    if (!this.#join()) return false;
    while (this.#join()) continue;
    return true;
  }

  /** A comma in front of WHERE is forgiven by several engines. */
  #ends(): boolean {
    const { cursor } = this;
    return /^(where|group|order|having|qualify)$/.test(cursor.peek().word) && startsClause(cursor, cursor.at);
  }

  #operand(): void {
    const { cursor } = this;
    if (cursor.sees('{', 'oj')) {
      cursor.at += 2;
      this.read();
      if (!cursor.take('}')) cursor.doubt('an ODBC join not read to its end');
      return;
    }
    if (cursor.sees('(') && !this.#isBracketedQuery() && !startsChange(cursor, cursor.at + 1)) {
      this.#bracketed();
      return;
    }
    const relation = readRelation(cursor);
    if (relation === undefined) cursor.doubt(`no table at "${beginning(cursor.peek().text, 20)}"`);
    else this.relations.push(relation);
  }

  /** `(a JOIN b ON …)`. Under an alias, or pivoted, it is one relation, and the names inside are hidden. */
  #bracketed(): void {
    const { cursor, relations, using, conditions } = this;
    const [first, firstJoin, firstCondition] = [relations.length, using.length, conditions.length];
    const close = cursor.closeOf(cursor.at);
    cursor.next();
    cursor.deeper(() => {
      this.read();
    });
    if (cursor.at !== close) cursor.doubt('a bracketed join not read to its end');
    cursor.at = close + 1;
    const from = relations.slice(first);
    const joins = moved(using.slice(firstJoin), -first);
    const whole: Relation = {
      kind: 'query',
      query: rowsOf([ALL_COLUMNS], from, joins, conditions.slice(firstCondition)),
    };
    const named = readAttached(cursor, whole);
    if (named.kind === 'query' && named.alias === undefined && named.columnAliases === undefined) return;
    relations.splice(first, from.length, named);
    using.length = firstJoin;
    conditions.length = firstCondition;
  }

  /** `((SELECT …) UNION (SELECT …))` is a query, `((SELECT …) a JOIN b)` a join. */
  #isBracketedQuery(): boolean {
    const { cursor } = this;
    let open = cursor.at;
    if (!startsQuery(cursor, open)) return false;
    while (cursor.token(open + 1).word === '(') {
      const following = cursor.token(cursor.closeOf(open + 1) + 1);
      if (following.word !== ')' && !SET_WORDS.has(following.word)) return false;
      open += 1;
    }
    return true;
  }

  #join(): boolean {
    const { cursor } = this;
    if (cursor.sees('lateral', 'view')) {
      this.relations.push(readLateralView(cursor));
      return true;
    }
    if (cursor.sees(',', 'lateral', 'view')) return cursor.take(',');
    if (!startsJoin(cursor, cursor.at)) return false;
    let isNatural = false;
    let isRight = false;
    while (!cursor.done && !cursor.sees('join') && !cursor.sees('apply') && !cursor.sees('straight_join')) {
      if (cursor.sees('array') || (!startsJoinWord(cursor) && !isJoinHint(cursor, cursor.at))) break;
      isNatural ||= cursor.sees('natural');
      isRight ||= cursor.sees('right');
      cursor.next();
    }
    if (cursor.take('array', 'join')) {
      const { values, relation } = readArrayJoin(cursor);
      this.conditions.push(...values);
      if (relation !== undefined) this.relations.push(relation);
      return true;
    }
    cursor.next();
    // Impala's `JOIN [BROADCAST] t`
    if (cursor.dialect === 'hive' && cursor.sees('[')) cursor.skipGroup();
    const joined = this.relations.length;
    this.#operand();
    const sides = { left: this.#left, joined, end: this.relations.length, isRight };
    if (isNatural) this.using.push(sides);
    this.#condition(sides);
    return true;
  }

  /** ON, USING and MATCH_CONDITION, or several in a row as in `a JOIN b JOIN c ON … ON …`. */
  #condition(sides: Omit<SharingJoin, 'columns'>): void {
    const { cursor } = this;
    for (;;) {
      if (cursor.take('match_condition')) cursor.skipGroup();
      // Oracle's `LEFT JOIN t PARTITION BY (c) ON …`
      else if (cursor.sees('partition', 'by', '(')) cursor.at = cursor.closeOf(cursor.at + 2) + 1;
      else if (cursor.sees('using', '(')) {
        cursor.next();
        const columns = readColumnList(cursor);
        const alias = cursor.take('as') ? identityAt(cursor, cursor.next()) : undefined;
        this.using.push({ columns, ...sides, ...(alias === undefined ? {} : { alias }) });
      } else if (cursor.dialect === 'clickhouse' && cursor.take('using')) {
        this.using.push({ columns: readBareColumns(cursor), ...sides });
      } else if (cursor.take('on')) {
        const from = cursor.at;
        cursor.at = endOf(cursor, from, { comma: true, joins: true, words: CONDITION_STOPS });
        for (const stop of this.stops) this.#cutAt(from, stop);
        this.conditions.push(readExpression(cursor, from, cursor.at));
      } else return;
    }
  }

  #cutAt(from: number, stop: string): void {
    const { cursor } = this;
    for (let index = from; index < cursor.at; index += 1) {
      const { word } = cursor.token(index);
      if (word === '(') index = cursor.closeOf(index);
      else if (word === 'case') index = cursor.list.closes.get(index) ?? index;
      else if (word === stop && cursor.token(index - 1).word !== '.') cursor.at = index;
    }
  }
}

const CONDITION_STOPS: ReadonlySet<string> = new Set(['on']);

const JOIN_WORDS: ReadonlySet<string> = new Set(
  'left right inner full cross natural asof any all global outer semi anti positional'.split(' ')
);

function startsJoinWord(cursor: Cursor): boolean {
  return cursor.seesAny(JOIN_WORDS);
}

/** As joins of relations that stand behind so many others. */
export function moved(using: readonly SharingJoin[], by: number): SharingJoin[] {
  return using.map((join) => ({ ...join, left: join.left + by, joined: join.joined + by, end: join.end + by }));
}
