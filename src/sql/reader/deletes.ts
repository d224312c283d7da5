import type { Statement } from '../statement-tree.js';
import type { Name, Relation } from '../tree.js';
import { startsKeptStatement } from './batch-statements.js';
import type { Cursor } from './cursor.js';
import { isName, readName } from './names.js';
import { outputInto, readOutput } from './outputs.js';
import { rowsOf } from './plain-query.js';
import type { CteList } from './ctes.js';
import { FromClause, moved } from './relations.js';
import { calledSource, deletedRows } from './returned-rows.js';
import { readTail } from './returning.js';
import { skipStatement } from './quiet-statements.js';
import { takeTop } from './top.js';

/** Words that may come between the verb and a table. */
const FILLERS: ReadonlySet<string> = new Set(['low_priority', 'quick', 'ignore']);
/** Where DELETE is the name of an event, a right or an action. */
const NAMED_AFTER: ReadonlySet<string> = new Set('on for of , . after before instead grant deny revoke or'.split(' '));
/** What follows the action of a MERGE: `WHEN MATCHED THEN DELETE WHEN NOT MATCHED …` */
const BEHIND_ACTION: ReadonlySet<string> = new Set('when output returning option log else end'.split(' '));

/**
 * Reads a DELETE of any dialect: `DELETE FROM a [USING b] [WHERE …]`, MySQL's `DELETE a, b FROM …` and
 * `DELETE FROM a, b USING …`, T-SQL's `DELETE TOP (5) x OUTPUT … FROM a AS x`. `undefined` (cursor unmoved) for the
 * name of an event or a right.
 */
export function readDelete(cursor: Cursor, list: CteList): Statement | undefined {
  if (cursor.peek(1).word !== 'from' && isNameOfDelete(cursor)) return undefined;
  cursor.next();
  if (cursor.traits.versionedComments && cursor.take('history', 'from')) return readHistory(cursor);
  while (cursor.seesAny(FILLERS)) cursor.next();
  const limits = cursor.sees('top', '(') ? takeTop(cursor) : [];
  cursor.take('from');
  const targets = readTargets(cursor);
  const output = readOutput(cursor);
  const from = new FromClause(cursor);
  if (targets.length === 0 || cursor.take('from')) from.read();
  const using = new FromClause(cursor);
  if (cursor.take('using')) using.read();
  const tail = readTail(cursor);
  const relations = [...from.relations, ...using.relations];
  const read = relations.length > 0 ? relations : targets.map((source): Relation => ({ kind: 'table', source }));
  const joins = [...from.using, ...moved(using.using, from.relations.length)];
  const query = { ...rowsOf([], read, joins, [...from.conditions, ...using.conditions, ...tail, ...limits]), ...list };
  const [target] = targets;
  if (output !== undefined && target !== undefined)
    cursor.side.push(outputInto(output, deletedRows(query, output.items, calledSource(target, relations))));
  const isWhole = tail.length === 0 && read.length === 1 && (cursor.done || cursor.sees(';'));
  return { kind: 'delete', targets, query, ...(isWhole ? { empties: true } : {}) };
}

/** A branch holds statements: `IF x THEN DELETE t; END IF`. */
function isNameOfDelete(cursor: Cursor): boolean {
  const before = cursor.peek(-1).word;
  const next = cursor.peek(1);
  if (before === 'then') return !isName(next) || BEHIND_ACTION.has(next.word);
  // of T-SQL's `SET NOCOUNT ON DELETE a`, the ON ends a statement
  return NAMED_AFTER.has(before) && !startsKeptStatement(cursor);
}

/** The names in front of what is read, where that is said apart: by a second FROM, by MySQL's USING, behind OUTPUT. */
function readTargets(cursor: Cursor): readonly Name[] {
  const start = cursor.at;
  const names: Name[] = [];
  do {
    const name = readName(cursor);
    if (name === undefined) break;
    names.push(name);
    if (cursor.take('.')) cursor.take('*');
  } while (cursor.take(','));
  // T-SQL's hints: `DELETE a WITH (ROWLOCK) OUTPUT …`
  const behind = cursor.sees('with', '(') ? cursor.closeOf(cursor.at + 1) + 1 : cursor.at;
  const { word } = cursor.token(behind);
  if (word === 'from' || word === 'output' || (word === 'using' && cursor.traits.versionedComments)) {
    cursor.at = behind;
    return names;
  }
  cursor.at = start;
  return [];
}

/** MariaDB's `DELETE HISTORY FROM t BEFORE SYSTEM_TIME …`: what its rows were before. */
function readHistory(cursor: Cursor): Statement {
  const table = readName(cursor);
  skipStatement(cursor);
  return { kind: 'change', tables: table === undefined ? [] : [table] };
}
