import type { Statement } from '../../statement-tree.js';
import { calledProcedure, handsSql } from './called-procedures.js';
import type { Cursor } from '../cursor.js';
import { callOf, handedSql } from './handed-sql.js';
import { UNKNOWN_PARTS } from './piece.js';
import { expressionText, piecedText } from './pieced-text.js';
import { readExpression } from '../expressions.js';
import { rowsOf } from '../plain-query.js';
import { readQuery, startsQuery } from '../queries.js';
import { newExpression } from '../../tree.js';
import { isRunStatement, isRunText, isStatement } from './statement-text.js';
import { quiet, skipStatement } from '../quiet-statements.js';
import { isCallOfTexts, placeOfText } from './run-places.js';
import { bodyOf, mayBeAnySql, mayBeSql, statementsRun } from './run-texts.js';
import { textAtPlace } from './variable-texts.js';

/** T-SQL's `EXEC ('…') AT linked` names tables of another server. */
function isElsewhere(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql' || cursor.peek(1).word !== '(') return false;
  return cursor.token(cursor.closeOf(cursor.at + 1) + 1).word === 'at';
}

/** Snowflake's `EXECUTE IMMEDIATE FROM @stage/file.sql` */
function isFile(cursor: Cursor): boolean {
  return cursor.dialect === 'snowflake' && cursor.peek(1).word === 'immediate' && cursor.peek(2).word === 'from';
}

/**
 * `EXECUTE IMMEDIATE (SELECT q FROM jobs)` of BigQuery and Snowflake, PostgreSQL's `EXECUTE (SELECT …)`: the query is
 * read, and what it finds is not known.
 */
function askedSql(cursor: Cursor): Statement | undefined {
  if (cursor.dialect === 'tsql') return undefined;
  const open = cursor.at + (cursor.peek(1).word === 'immediate' ? 2 : 1);
  if (cursor.token(open).word !== '(' || !startsQuery(cursor, open + 1)) return undefined;
  cursor.at = open + 1;
  const query = readQuery(cursor);
  cursor.at = cursor.closeOf(open) + 1;
  skipRun(cursor);
  cursor.doubt(UNKNOWN_PARTS);
  return { kind: 'select', query };
}

/** Tokens between EXECUTE and the string. */
const MOST_AHEAD = 6;
const MOST_AHEAD_OF_RUN = 20;

/**
 * `EXECUTE IMMEDIATE '…'`, `EXEC ('…')`, `EXEC sp_executesql N'…'`: the statement is in the first string that looks
 * like one; for a variable it is the string last assigned to it. A procedure that isn't known to run what it is handed
 * may do anything with it.
 */
export function dynamicSql(cursor: Cursor): Statement | undefined {
  // whatever the string turns out to be, another one in its place may be SQL
  cursor.usesLiterals = true;
  const called = calledProcedure(cursor);
  if (isElsewhere(cursor) || called?.isElsewhere === true || isFile(cursor)) return quiet(cursor);
  if (called?.runner !== undefined) return handedSql(cursor, called, called.runner);
  const asked = askedSql(cursor);
  if (asked !== undefined) return asked;
  const run = placeOfText(cursor);
  const variables = textOfRun(cursor, run.at, run.isCertain);
  if (variables?.isSql === true) {
    const from = run.at;
    cursor.at = variables.end;
    return statementOf(cursor, variables.text, from);
  }
  if (called?.isUnknown === true && handsSql(cursor, called.at)) cursor.doubt(UNKNOWN_PARTS);
  if (called !== undefined) return callOf(cursor);
  // a call that makes the text, of which is not known what it makes
  if (variables?.isUnknown === true) {
    cursor.doubt(UNKNOWN_PARTS);
    return undefined;
  }
  let isRun = cursor.peek(1).kind === 'string' || cursor.peek(1).word === '(';
  for (let ahead = 1; ahead < (isRun ? MOST_AHEAD_OF_RUN : MOST_AHEAD); ahead += 1) {
    const token = cursor.peek(ahead);
    // what stands behind USING is put into the SQL, and none itself
    if (token.word === ';' || token.word === 'using' || token.kind === 'end') break;
    isRun ||= token.word === 'immediate';
    if (token.kind !== 'string') continue;
    const isCertain = run.isCertain && cursor.at + ahead === run.first;
    const isSql = isCertain ? isRunText : isRun ? isRunStatement : isStatement;
    if (!isSql(token.text)) {
      if (isRun) continue;
      break;
    }
    const text = piecedText(cursor, cursor.at + ahead);
    const from = cursor.at + 1;
    cursor.at += ahead + 1;
    return statementOf(cursor, text, from);
  }
  return undefined;
}

/**
 * PostgreSQL's `PREPARE s (types) AS statement`: its log counts the runs of the statement under this text. Moves the
 * cursor to the statement; false if it is none.
 */
export function takePrepare(cursor: Cursor): boolean {
  const types = cursor.at + 2;
  // Trino's `PREPARE s FROM SELECT …`
  if (cursor.dialect === 'ansi' && cursor.token(types).word === 'from' && cursor.token(types + 1).kind === 'word') {
    cursor.at = types + 1;
    return true;
  }
  const as = cursor.token(types).word === '(' ? cursor.closeOf(types) + 1 : types;
  if (cursor.token(as).word !== 'as') return false;
  cursor.at = as + 1;
  return true;
}

/** MySQL's `PREPARE s FROM '…'` and `PREPARE s FROM @text`. */
export function preparedSql(cursor: Cursor): Statement | undefined {
  cursor.usesLiterals = true;
  const token = cursor.peek(3);
  if (!cursor.sees('prepare') || cursor.peek(2).word !== 'from') return undefined;
  if (token.kind === 'string') return runOf(cursor, piecedText(cursor, cursor.at + 3));
  return runOf(cursor, textAtPlace(cursor, token.text));
}

/** Oracle's `OPEN c FOR '…' USING x` and `OPEN c FOR v`. */
export function openedSql(cursor: Cursor): Statement | undefined {
  const ahead = [2, 3].find((each) => cursor.peek(each).word === 'for');
  if (ahead === undefined || cursor.dialect !== 'oracle') return undefined;
  cursor.usesLiterals = true;
  const from = cursor.at + ahead + 1;
  const { kind, word } = cursor.token(from);
  if (kind === 'string') return runOf(cursor, piecedText(cursor, from));
  const isQuery = word === '(' || word === 'select' || word === 'with';
  return isQuery ? undefined : runOf(cursor, expressionText(cursor, from).text);
}

/** A text that is run, as far as it is known. */
function runOf(cursor: Cursor, text: string): Statement | undefined {
  if (mayBeSql(text)) return statementOf(cursor, text);
  if (mayBeAnySql(text)) cursor.doubt(UNKNOWN_PARTS);
  return undefined;
}

function statementOf(cursor: Cursor, text: string, from = cursor.at): Statement {
  const statements = statementsRun(cursor, text);
  skipRun(cursor);
  const asked = queriesAsked(cursor, from, cursor.at);
  return bodyOf(cursor, asked === undefined ? statements : [asked, ...statements]);
}

/** To the end of what runs a text; of PostgreSQL's `FOR r IN EXECUTE '…' LOOP`, to the loop. */
function skipRun(cursor: Cursor): void {
  skipStatement(cursor, () => cursor.inBody && cursor.sees('loop'));
}

/** The queries among what a text is put together of: `'DELETE FROM a WHERE n = ' || (SELECT v FROM cfg)`. */
function queriesAsked(cursor: Cursor, from: number, to: number): Statement | undefined {
  let isAsked = false;
  for (let index = from; index < to && !isAsked; index += 1)
    isAsked = cursor.token(index).word === '(' && startsQuery(cursor, index + 1);
  if (!isAsked) return undefined;
  const { queries, tests } = readExpression(cursor, from, to);
  return { kind: 'select', query: rowsOf([], [], [], [{ ...newExpression(), queries, tests }]) };
}

interface RunText {
  readonly text: string;
  readonly end: number;
  readonly isSql: boolean;
  /** SQL runs here, and how it begins is not known. */
  readonly isUnknown: boolean;
}

/** What may stand behind EXECUTE and is not run: of GRANT and of triggers. */
const NOT_RUN = /^(?:on|function|procedure)$/;

/** The SQL of variables and what they are joined with; `undefined` where a string stands first. */
function textOfRun(cursor: Cursor, from: number, isCertain: boolean): RunText | undefined {
  const start = cursor.token(from);
  const isCall = isCallOfTexts(cursor, from);
  const name = cursor.token(start.word === ':' ? from + 1 : isCall ? from + 2 : from);
  if ((name.kind !== 'word' && name.kind !== 'parameter') || NOT_RUN.test(start.word)) return undefined;
  const { text, end } = expressionText(cursor, from);
  return {
    text,
    end,
    isSql: mayBeSql(text, isCertain ? isRunText : isRunStatement),
    isUnknown: isCertain && mayBeAnySql(text),
  };
}
