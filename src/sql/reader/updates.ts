import { columnIdentity, identityOf } from '../name-identity.js';
import type { Assignment, Statement } from '../statement-tree.js';
import type { Expression, Name } from '../tree.js';
import { endOf, type Stops } from './clauses.js';
import type { Cursor } from './cursor.js';
import { readExpression } from './expressions.js';
import { readColumnList, readName } from './names.js';
import { readOutput } from './outputs.js';
import type { CteList } from './ctes.js';
import { startsQuery } from './queries.js';
import { FromClause, moved } from './relations.js';
import { keptRows } from './returned-rows.js';
import { readTail } from './returning.js';
import { takeTop } from './top.js';

const SET: ReadonlySet<string> = new Set(['set']);

/** Reads `UPDATE a [JOIN b] SET … [FROM c] [WHERE …]` of every dialect. */
export function readUpdate(cursor: Cursor, list: CteList): Statement {
  cursor.next();
  while (cursor.sees('low_priority') || cursor.sees('ignore') || cursor.sees('or'))
    cursor.at += cursor.sees('or') ? 2 : 1;
  const limits = cursor.sees('top', '(') ? takeTop(cursor) : [];
  const targets = new FromClause(cursor, SET);
  targets.read();
  const sources = new FromClause(cursor, SET);
  // Teradata's `UPDATE o FROM t o, s SET …`
  if (cursor.dialect === 'ansi' && cursor.take('from')) sources.read();
  let assignments: Assignment[] = [];
  if (cursor.take('set')) assignments = readAssignments(cursor, { comma: true, words: new Set(['output']) });
  else cursor.doubt('UPDATE without SET');
  const output = readOutput(cursor);
  if (cursor.take('from')) sources.read();
  const tail = readTail(cursor);
  const statement: Statement = {
    kind: 'update',
    ...list,
    targets: targets.relations,
    relations: sources.relations,
    using: [...targets.using, ...moved(sources.using, targets.relations.length)],
    assignments,
    conditions: [...targets.conditions, ...sources.conditions, ...tail, ...limits],
  };
  const kept = output === undefined ? undefined : keptRows(output, statement);
  if (kept !== undefined) cursor.side.push(kept);
  return statement;
}

/** Reads `a = x, (b, c) = (SELECT …)` at the cursor. */
export function readAssignments(cursor: Cursor, stops: Stops): Assignment[] {
  const assignments: Assignment[] = [];
  do {
    const isTuple = cursor.sees('(');
    const columns = isTuple
      ? readColumnList(cursor).map((column) => [column])
      : [qualified(cursor, readName(cursor) ?? [])];
    const changed = isTuple ? undefined : readMutator(cursor, columns[0] ?? []);
    if (changed !== undefined) {
      assignments.push(changed);
      continue;
    }
    while (cursor.sees('[')) cursor.skipGroup();
    const isSet = cursor.take('=') || cursor.take(':=') || compound(cursor);
    // T-SQL's `@v = column = value` assigns both.
    const second =
      cursor.peek(1).word === '=' && columns[0]?.[0]?.startsWith('@') === true ? readName(cursor) : undefined;
    if (second !== undefined) cursor.next();
    if (!isSet) cursor.doubt('an assignment without =');
    const from = cursor.at;
    cursor.at = endOf(cursor, from, stops);
    const row = isTuple ? readTuple(cursor, from) : undefined;
    const value = row === undefined ? readExpression(cursor, from, cursor.at) : undefined;
    const targets = second === undefined ? columns : [second.map((part) => part.text)];
    targets.forEach((parts, position) => {
      const own = row?.[position] ?? value;
      if (parts.length === 0 || own === undefined) return;
      assignments.push({ column: { parts }, value: own, ...(isTuple && row === undefined ? { position } : {}) });
    });
  } while (cursor.take(','));
  return assignments;
}

/** T-SQL's `SET x.modify('…')` and `SET x.WRITE(v, 0, NULL)` change the column x. */
function readMutator(cursor: Cursor, parts: readonly string[]): Assignment | undefined {
  if (cursor.dialect !== 'tsql' || parts.length < 2 || !cursor.sees('(')) return undefined;
  const close = cursor.closeOf(cursor.at);
  const value = readExpression(cursor, cursor.at + 1, close);
  cursor.at = close + 1;
  return { column: { parts: parts.slice(0, -1) }, value };
}

function qualified(cursor: Cursor, name: Name): string[] {
  return name.map((part, index) =>
    index === name.length - 1 ? columnIdentity(part, cursor.traits) : identityOf(part, cursor.traits)
  );
}

/** The values of `(a, b) = (x, y)` or `= ROW (x, y)`, `undefined` for a subquery. */
function readTuple(cursor: Cursor, from: number): readonly Expression[] | undefined {
  const open = cursor.token(from).word === 'row' ? from + 1 : from;
  if (cursor.token(open).word !== '(' || startsQuery(cursor, open + 1)) return undefined;
  const close = cursor.closeOf(open);
  const values: Expression[] = [];
  for (let start = open + 1; start < close;) {
    const end = Math.min(endOf(cursor, start, { comma: true }), close);
    values.push(readExpression(cursor, start, end));
    start = end + 1;
  }
  return values;
}

/** `a += 1` arrives as `+` and `=`. */
function compound(cursor: Cursor): boolean {
  if (cursor.peek(1).word !== '=') return false;
  cursor.at += 2;
  return true;
}
