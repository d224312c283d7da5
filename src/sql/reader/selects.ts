import { newExpression, type Expression, type Relation, type Select, type SelectItem, type Source } from '../tree.js';
import { endOf, startsClause, startsSelect } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readItems } from './items.js';
import { isName, ownName, readName } from './names.js';
import { ALL_COLUMNS } from './plain-query.js';
import { FromClause } from './relations.js';
import { takeTop } from './top.js';

const MODIFIERS: ReadonlySet<string> = new Set(
  `all distinctrow high_priority sql_small_result sql_big_result sql_buffer_result sql_no_cache sql_cache
   sql_calc_found_rows unique straight_join stream`.split(/\s+/)
);

const CONDITIONS: ReadonlySet<string> = new Set('where group having qualify prewhere connect start model'.split(' '));

/** Reads `SELECT … FROM … WHERE …` (or `FROM … SELECT …`) up to ORDER BY, a set operation or the statement's end. */
export function readSelect(cursor: Cursor): Select {
  const from = new FromClause(cursor);
  const conditions: Expression[] = [];
  const windows = new Map<string, Expression>();
  let items: Select['items'];
  let into: Source | undefined;
  // of T-SQL's `BULK INSERT t FROM 'file'`
  const isAlone = cursor.dialect === 'tsql' && cursor.sees('from');
  if (cursor.sees('from')) {
    cursor.next();
    from.read();
    readConditions(cursor, conditions, windows);
  }
  if (!isAlone && startsSelect(cursor)) {
    items = readSelectList(cursor, conditions);
    into = readInto(cursor);
    if (cursor.take('from')) from.read();
    into ??= readInto(cursor);
  } else {
    items = [ALL_COLUMNS];
  }
  readConditions(cursor, conditions, windows);
  into ??= readInto(cursor);
  conditions.push(...from.conditions, ...readOfUnused(windows, items));
  const relations: readonly Relation[] = from.relations;
  return {
    kind: 'select',
    items,
    from: relations,
    using: from.using,
    conditions,
    windows,
    ...(into === undefined ? {} : { into }),
  };
}

/** Reads `SELECT DISTINCT a, b`; what TOP reads goes to `limits`. */
export function readSelectList(cursor: Cursor, limits: Expression[] = []): readonly SelectItem[] {
  cursor.next();
  skipModifiers(cursor, limits);
  return readItems(cursor);
}

function skipModifiers(cursor: Cursor, limits: Expression[]): void {
  for (;;) {
    const next = cursor.peek(1);
    const standsAlone = next.kind !== 'punct' || next.word === '*' || next.word === '(' || next.word === '`';
    if (cursor.sees('distinct')) {
      cursor.next();
      if (cursor.sees('on', '(')) {
        cursor.next();
        cursor.skipGroup();
      }
    } else if (cursor.seesAny(MODIFIERS) && standsAlone) cursor.next();
    else if (cursor.sees('as', 'struct') || cursor.sees('as', 'value')) cursor.at += 2;
    else if (cursor.sees('top') && (next.kind === 'number' || next.word === '(' || next.kind === 'parameter')) {
      limits.push(...takeTop(cursor));
      cursor.take('with', 'ties');
    } else return;
  }
}

const INTO_WORDS: ReadonlySet<string> = new Set(['local', 'global', 'temporary', 'temp', 'unlogged']);

/**
 * `INTO t` makes a table, `INTO OUTFILE` a file, except where dialects or procedure bodies take it as a list of
 * variables.
 */
export function readInto(cursor: Cursor): Source | undefined {
  if (!cursor.sees('into') || !startsClause(cursor, cursor.at)) return undefined;
  cursor.next();
  let isTemporary = false;
  // `INTO temp FROM t`: the table may be called so.
  while (INTO_WORDS.has(cursor.peek().word) && isName(cursor.peek(1)) && cursor.peek(1).word !== 'from')
    isTemporary = cursor.next().word !== 'unlogged';
  cursor.take('table');
  const isVariable =
    ['mysql', 'mariadb', 'oracle'].includes(cursor.dialect) || (cursor.inBody && cursor.dialect !== 'tsql');
  if ((cursor.sees('outfile') || cursor.sees('dumpfile')) && cursor.peek(1).kind === 'string') {
    const path = cursor.peek(1).text;
    cursor.usesLiterals = true;
    cursor.at = endOf(cursor, cursor.at + 2, { comma: false });
    return { path };
  }
  if (cursor.peek().kind === 'parameter' || isVariable) {
    cursor.at = endOf(cursor, cursor.at, { comma: false });
    return undefined;
  }
  cursor.take('strict');
  const name = readName(cursor);
  return isTemporary ? name && ownName(name) : name;
}

/** Reads WHERE and what is like it, and named windows. */
export function readConditions(cursor: Cursor, conditions: Expression[], windows: Map<string, Expression>): void {
  for (;;) {
    if (cursor.sees('window') && startsClause(cursor, cursor.at)) {
      readWindows(cursor, windows);
      continue;
    }
    // `GROUP BY x WITH ROLLUP HAVING …`
    if (cursor.sees('with') && /^(rollup|cube|totals)$/.test(cursor.peek(1).word)) {
      cursor.at += 2;
      continue;
    }
    if (!cursor.seesAny(CONDITIONS) || !startsClause(cursor, cursor.at)) return;
    const from = cursor.at + 1;
    const end = cursor.sees('model') ? endOfModel(cursor, from) : endOf(cursor, from, { comma: false });
    const expression = readExpression(cursor, from, end);
    conditions.push(expression);
    cursor.at = end;
  }
}

/** Oracle's MODEL has a PARTITION BY of its own, and its rules may be called `RULES UPDATE`. */
function endOfModel(cursor: Cursor, from: number): number {
  let end = endOf(cursor, from, { comma: false });
  while (cursor.token(end).word === 'partition' || cursor.token(end - 1).word === 'rules')
    end = endOf(cursor, end + 1, { comma: false });
  return end;
}

/** Subqueries of windows that no column uses: their tables are read all the same. */
function readOfUnused(windows: ReadonlyMap<string, Expression>, items: Select['items']): Expression[] {
  if (windows.size === 0) return [];
  const values = items.flatMap((item) => (item.kind === 'value' ? [item.value] : []));
  const used = new Set([...values, ...windows.values()].flatMap((expression) => expression.windows));
  return [...windows].flatMap(([name, { queries, tests }]) =>
    used.has(name) || queries.length + tests.length === 0 ? [] : [{ ...newExpression(), queries, tests }]
  );
}

function readWindows(cursor: Cursor, windows: Map<string, Expression>): void {
  cursor.next();
  do {
    const name = cursor.next().text.toLowerCase();
    cursor.take('as');
    const close = cursor.sees('(') ? cursor.closeOf(cursor.at) + 1 : cursor.at + 1;
    windows.set(name, readExpression(cursor, cursor.at, close));
    cursor.at = close;
  } while (cursor.take(','));
}
