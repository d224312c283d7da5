import type { Query, Statement } from '../tree.js';
import { Cursor } from './cursor.js';
import { tokenize } from './lexer.js';
import { readQuery, startsQuery } from './queries.js';
import { readScript } from './scripts.js';

/** SQL inside a string literal of SQL: dynamic statements, procedure bodies, UNLOAD. Nested at most this deep. */
const MAX_NESTING = 4;

function open(cursor: Cursor, text: string): Cursor | undefined {
  cursor.usesLiterals = true;
  if (cursor.nesting >= MAX_NESTING) return undefined;
  // The doubled quotes of the outer string are single ones inside.
  const inner = new Cursor(tokenize(text.replaceAll("''", "'"), cursor.traits), cursor.dialect, cursor.traits);
  inner.nesting = cursor.nesting + 1;
  inner.inBody = cursor.inBody;
  return inner;
}

export function queryInText(cursor: Cursor, text: string): Query | undefined {
  const inner = open(cursor, text);
  if (inner === undefined || !startsQuery(inner, 0)) return undefined;
  const query = readQuery(inner);
  for (const doubt of inner.doubts) cursor.doubt(doubt);
  return query;
}

export function statementsInText(cursor: Cursor, text: string): readonly Statement[] {
  const inner = open(cursor, text);
  if (inner === undefined) return [];
  inner.inBody = true;
  const statements = readScript(inner);
  for (const doubt of inner.doubts) cursor.doubt(doubt);
  return statements.flatMap((statement) => (statement.kind === 'body' ? statement.statements : [statement]));
}

/** `EXECUTE IMMEDIATE '…'`, `EXEC ('…')`, `EXEC sp_executesql N'…'`: the statement is in the first string that looks like one. */
export function dynamicSql(cursor: Cursor): Statement | undefined {
  for (let ahead = 1; ahead < 6; ahead += 1) {
    const token = cursor.peek(ahead);
    if (token.word === ';' || token.kind === 'end') return undefined;
    if (token.kind !== 'string') continue;
    if (!/^\s*(insert|create|merge|update|with|select|copy|truncate|delete|begin|declare)\b/i.test(token.text))
      return undefined;
    cursor.at += ahead + 1;
    const statements = statementsInText(cursor, token.text);
    while (!cursor.done && !cursor.sees(';')) cursor.next();
    return { kind: 'body', statements };
  }
  return undefined;
}
