import type { Dialect } from './dialect.js';
import { Cursor } from './reader/cursor.js';
import { isName } from './reader/names.js';
import { isRunStatement } from './reader/dynamic/statement-text.js';
import { runArgument } from './reader/dynamic/text-runners.js';
import type { Token } from './reader/token.js';
import { writtenText } from './reader/dynamic/written-text.js';
import { tokensOf } from './token-front-end.js';

/** Whatever has none of these is no call of a driver: most texts aren't. */
const MAY_BE_CALL = /\bsp_(?:executesql|(?:cursor)?prep(?:are|exec)|cursoropen)\b|^\s*\(\s*@/i;
/** A call in a call. */
const MOST_CALLS = 4;
/** Where a statement in front of the call ends: T-SQL needs no `;`. */
const STARTS =
  /^(?:;|declare|set|insert|exec|execute|select|from|with|update|delete|merge|truncate|use|if|while|begin|create|alter|drop|print|open|fetch|return|go)$/;

export interface SentCall {
  readonly text: string;
  /** Where a call's SQL runs that names the database of its procedure: `exec db.sys.sp_executesql N'…'`. */
  readonly database?: string;
}

/**
 * The SQL of the application, where a text is a driver's call around it: `exec sp_executesql N'SELECT …', N'@p0 int',
 * @p0=1`, variables declared in front and shown behind included, or SQL Server's own `(@p0 int)SELECT …`. So calls that
 * differ in their parameters only are one text. Any other text stays as it is.
 */
export function sentText(sql: string, dialect: Dialect): string {
  return sentCall(sql, dialect).text;
}

/** The same with where it runs. */
export function sentCall(sql: string, dialect: Dialect): SentCall {
  let sent: SentCall = { text: sql };
  if (dialect !== 'tsql') return sent;
  for (let calls = 0; calls < MOST_CALLS && MAY_BE_CALL.test(sent.text); calls += 1) {
    const inner = readInner(sent.text);
    if (inner === undefined) break;
    sent = { ...sent, ...inner };
  }
  return sent;
}

function readInner(sql: string): SentCall | undefined {
  const list = tokensOf(sql, 'tsql');
  if (!list.whole) return undefined;
  const cursor = new Cursor(list, 'tsql');
  const inner = cursor.sees('(') ? behindParameters(cursor) : calledText(cursor);
  return inner !== undefined && isRunStatement(inner.text) ? inner : undefined;
}

/** `(@p0 int, @p1 nvarchar(4000))SELECT …` */
function behindParameters(cursor: Cursor): SentCall | undefined {
  if (cursor.peek(1).kind !== 'parameter' || cursor.peek(2).kind !== 'word') return undefined;
  cursor.skipGroup();
  return { text: cursor.sql.slice(cursor.token(cursor.at - 1).end) };
}

function calledText(cursor: Cursor): SentCall | undefined {
  while (!startsCall(cursor)) {
    if (!isOfVariables(cursor)) return undefined;
    do cursor.next();
    while (!cursor.done && !STARTS.test(cursor.peek().word) && !startsCall(cursor));
  }
  const call = readCall(cursor);
  if (call === undefined) return undefined;
  while (!cursor.done) if (!cursor.take(';') && !skipShown(cursor)) return undefined;
  const { text } = writtenText(cursor.sql, call.literal, cursor.traits);
  return { text, ...(call.database === undefined ? {} : { database: call.database }) };
}

/** The first statement of a batch may call a procedure by its name alone. */
function startsCall(cursor: Cursor): boolean {
  return cursor.sees('exec') || cursor.sees('execute') || (cursor.at === 0 && namesProcedure(cursor));
}

function namesProcedure(cursor: Cursor): boolean {
  const { at } = cursor;
  takePlace(cursor);
  const isKnown = runArgument(nameAt(cursor)) !== undefined;
  cursor.at = at;
  return isKnown;
}

/** `DECLARE @p1 int`, `SET @p1 = NULL`, `INSERT INTO @p3 VALUES (…)`, `SET NOCOUNT ON` */
function isOfVariables(cursor: Cursor): boolean {
  const { word } = cursor.peek();
  if (word === ';' || cursor.sees('set', 'nocount')) return true;
  const variable = cursor.peek(cursor.sees('insert', 'into') ? 2 : 1);
  return /^(?:declare|set|insert)$/.test(word) && variable.kind === 'parameter';
}

/** The string with the SQL in a call that has nothing but constants and variables besides. */
function readCall(cursor: Cursor): { readonly literal: Token; readonly database: string | undefined } | undefined {
  if (!cursor.take('exec')) cursor.take('execute');
  // `EXEC @result = sp_executesql …`
  if (cursor.peek().kind === 'parameter' && cursor.peek(1).word === '=') cursor.at += 2;
  const database = takePlace(cursor);
  const place = runArgument(nameAt(cursor));
  if (place === undefined) return undefined;
  cursor.next();
  let literal: Token | undefined;
  let number = 0;
  do {
    const isNamed = cursor.peek().kind === 'parameter' && cursor.peek(1).word === '=';
    const isStatement = isNamed ? /^@(?:stmt|statement)$/i.test(cursor.peek().text) : number === place;
    if (isNamed) cursor.at += 2;
    cursor.take('-');
    const value = cursor.next();
    if (isStatement) literal = value;
    if (!cursor.take('output')) cursor.take('out');
    number += 1;
  } while (cursor.take(','));
  return literal?.kind === 'string' ? { literal, database } : undefined;
}

/**
 * What stands in front of a procedure of the server, which each schema and database has: `sys.`, `dbo.`, `db.sys.`,
 * `db..`.
 */
function takePlace(cursor: Cursor): string | undefined {
  const { text } = cursor.peek();
  const isOfDatabase = isName(cursor.peek()) && cursor.peek(1).word === '..';
  if (isOfDatabase) cursor.at += 2;
  else if (isSchema(cursor, 2) && cursor.peek(1).word === '.') {
    cursor.at += 4;
    return text;
  } else if (isSchema(cursor, 0)) cursor.at += 2;
  return isOfDatabase ? text : undefined;
}

function isSchema(cursor: Cursor, ahead: number): boolean {
  return /^(?:sys|dbo)$/i.test(cursor.peek(ahead).text) && cursor.peek(ahead + 1).word === '.';
}

function nameAt(cursor: Cursor): string {
  return cursor.peek().text.toLowerCase();
}

/** `SELECT @p1, @p3`: what drivers and traces have of output parameters. */
function skipShown(cursor: Cursor): boolean {
  if (!cursor.take('select')) return false;
  do if (cursor.next().kind !== 'parameter') return false;
  while (cursor.take(','));
  return true;
}
