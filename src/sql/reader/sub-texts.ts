import type { Statement } from '../statement-tree.js';
import type { Query } from '../tree.js';
import { Cursor } from './cursor.js';
import { tokenize } from './lexer.js';
import { isRunStatement, isStatement } from './statement-text.js';
import type { Token } from './token.js';
import { isName, partOf } from './names.js';
import { writtenText } from './written-text.js';
import { readQuery, startsQuery } from './queries.js';
import { readScript } from './scripts.js';
import { assignedText } from './assignments.js';
import { hasPiece, PIECE, piecedText } from './pieced-text.js';
import { quiet, skipStatement } from './statements.js';
import { isRunner, onlyDescribes } from './text-runners.js';

/** SQL inside a string literal of SQL: dynamic statements, procedure bodies, UNLOAD. Nested at most this deep. */
const MAX_NESTING = 4;

function open(cursor: Cursor, text: string): Cursor | undefined {
  cursor.usesLiterals = true;
  if (cursor.nesting >= MAX_NESTING) return undefined;
  const inner = new Cursor(tokenize(text, cursor.traits), cursor.dialect, cursor.traits);
  inner.nesting = cursor.nesting + 1;
  inner.inBody = cursor.inBody;
  return inner;
}

function textOf(cursor: Cursor, token: Token): string {
  return writtenText(cursor.sql, token, cursor.traits).text;
}

export function queryInText(cursor: Cursor, literal: Token): Query | undefined {
  const inner = open(cursor, textOf(cursor, literal));
  if (inner === undefined || !startsQuery(inner, 0)) return undefined;
  const query = readQuery(inner);
  for (const doubt of inner.doubts) cursor.doubt(doubt);
  return query;
}

export function statementsInText(cursor: Cursor, literal: Token): readonly Statement[] {
  return statementsOf(cursor, textOf(cursor, literal));
}

function statementsOf(cursor: Cursor, text: string): readonly Statement[] {
  const inner = open(cursor, text);
  if (inner === undefined) return [];
  inner.inBody = true;
  const statements = readScript(inner);
  // What is not known of a text makes it look wrong.
  if (!hasPiece(text)) for (const doubt of inner.doubts) cursor.doubt(doubt);
  return statements.flatMap((statement) => (isBlock(statement) ? statement.statements : [statement]));
}

/** A body that runs where it stands, as if its statements stood there. */
function isBlock(statement: Statement): statement is Extract<Statement, { kind: 'body' }> {
  if (statement.kind !== 'body') return false;
  return statement.stored !== true && statement.trigger === undefined && statement.isApart !== true;
}

/** T-SQL's `EXEC ('…') AT linked` and `EXEC linked.db.sys.sp_executesql N'…'` name tables of another server. */
function isElsewhere(cursor: Cursor): boolean {
  if (cursor.dialect !== 'tsql') return false;
  if (cursor.peek(1).word === '(') return cursor.token(cursor.closeOf(cursor.at + 1) + 1).word === 'at';
  return [2, 4, 6].every((ahead) => cursor.peek(ahead).word === '.');
}

/** Tokens between EXEC and the string. */
const MOST_AHEAD = 6;
const MOST_AHEAD_OF_RUN = 20;

/**
 * `EXECUTE IMMEDIATE '…'`, `EXEC ('…')`, `EXEC sp_executesql N'…'`: the statement is in the first string that looks
 * like one; for a variable it is the string last assigned to it.
 */
export function dynamicSql(cursor: Cursor): Statement | undefined {
  // whatever the string turns out to be, another one in its place may be SQL
  cursor.usesLiterals = true;
  if (isElsewhere(cursor)) return quiet(cursor);
  let isRun = cursor.peek(1).kind === 'string' || cursor.peek(1).word === '(';
  let isOfEach = false;
  let place: Statement | undefined;
  for (let ahead = 1; ahead < (isRun ? MOST_AHEAD_OF_RUN : MOST_AHEAD); ahead += 1) {
    const token = cursor.peek(ahead);
    if (token.word === ';' || token.kind === 'end') break;
    const word = token.kind === 'quoted' ? token.text.toLowerCase() : token.word;
    if (onlyDescribes(word)) return quiet(cursor);
    isRun ||= isRunner(word);
    place ??= placeOfRun(cursor, cursor.at + ahead);
    isOfEach ||= token.word === 'sp_msforeachtable';
    if (token.kind !== 'string') continue;
    if (!(isRun ? isRunStatement(token.text) : isStatement(token.text))) {
      // `EXEC sp_prepexec @p1 OUTPUT, N'@P0 int', N'SELECT …'`
      if (isRun) continue;
      break;
    }
    const { text } = piecedText(cursor, cursor.at + ahead);
    cursor.at += ahead + 1;
    // `EXEC sp_MSforeachtable 'TRUNCATE TABLE ?'`
    return statementOf(cursor, isOfEach ? text.replaceAll('?', PIECE) : text, place);
  }
  const text = textOfVariable(cursor);
  if (text === undefined) return undefined;
  cursor.at += behindPlace(cursor);
  cursor.take('sp_executesql');
  return statementOf(cursor, text, place);
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
  const text = token.kind === 'string' ? textOf(cursor, token) : assignedText(cursor, token.text);
  return text === undefined || !isRunStatement(text) ? undefined : statementOf(cursor, text);
}

/** Oracle's `OPEN c FOR '…' USING x` and `OPEN c FOR v`. */
export function openedSql(cursor: Cursor): Statement | undefined {
  const ahead = [2, 3].find((each) => cursor.peek(each).word === 'for');
  if (ahead === undefined || cursor.dialect !== 'oracle') return undefined;
  const from = cursor.at + ahead + 1;
  const { kind, text } = cursor.token(from);
  const opened = kind === 'string' ? piecedText(cursor, from).text : assignedText(cursor, text);
  return opened === undefined || !isRunStatement(opened) ? undefined : statementOf(cursor, opened);
}

function statementOf(cursor: Cursor, text: string, place?: Statement): Statement {
  const statements = statementsOf(cursor, text);
  skipStatement(cursor);
  // a USE in T-SQL's strings ends with them
  const apart = cursor.dialect === 'tsql' ? { isApart: true as const } : {};
  return { kind: 'body', statements: place === undefined ? statements : [place, ...statements], ...apart };
}

/** The database where T-SQL's `EXEC db.sys.sp_executesql N'…'` runs, whose procedure is at `at`. */
function placeOfRun(cursor: Cursor, at: number): Statement | undefined {
  if (cursor.dialect !== 'tsql' || !/^sp_/i.test(cursor.token(at).text)) return undefined;
  const isShort = cursor.token(at - 1).word === '..';
  if (!isShort && (cursor.token(at - 1).word !== '.' || cursor.token(at - 3).word !== '.')) return undefined;
  const name = cursor.token(isShort ? at - 2 : at - 4);
  return isName(name) ? { kind: 'use', what: 'database', name: [partOf(name)] } : undefined;
}

/** Tokens up to a procedure's own name, behind EXEC and T-SQL's `[db].dbo.`. */
function behindPlace(cursor: Cursor): number {
  let ahead = 1;
  while (cursor.dialect === 'tsql' && isName(cursor.peek(ahead)) && /^\.\.?$/.test(cursor.peek(ahead + 1).word))
    ahead += 2;
  return ahead;
}

/** The SQL that was last assigned to the variable of `EXECUTE IMMEDIATE [:]v`, `EXEC sp_executesql @v`. */
function textOfVariable(cursor: Cursor): string | undefined {
  let ahead = behindPlace(cursor);
  if (cursor.peek(ahead).kind === 'quoted' && isRunner(cursor.peek(ahead).text.toLowerCase())) ahead += 1;
  while (/^(immediate|sys|\.|sp_executesql|:|\()$/.test(cursor.peek(ahead).word)) ahead += 1;
  if (/^@(stmt|statement)$/i.test(cursor.peek(ahead).text) && cursor.peek(ahead + 1).word === '=') ahead += 2;
  const variable = cursor.peek(ahead);
  if (variable.kind !== 'word' && variable.kind !== 'parameter') return undefined;
  const text = assignedText(cursor, variable.text);
  return text !== undefined && isRunStatement(text) ? text : undefined;
}
