import type { Statement, Trigger } from '../statement-tree.js';
import { readBody } from './bodies.js';
import type { Cursor } from './cursor.js';
import { isName, readName } from './names.js';
import { takeExecuteAs } from './routine-options.js';
import { quiet } from './quiet-statements.js';
import { readStatement } from './statements.js';

const STARTS_BODY: ReadonlySet<string> = new Set('insert update delete merge replace with select'.split(' '));

/** Reads `CREATE TRIGGER t … ON table … <body>` from its TRIGGER on; one that only calls a function has no body. */
export function readTrigger(cursor: Cursor): Statement {
  cursor.next();
  if (cursor.take('if', 'not', 'exists')) cursor.take('if');
  readName(cursor);
  while (!cursor.done && !cursor.sees(';') && !cursor.sees('on')) cursor.next();
  cursor.next();
  const table = readName(cursor);
  if (table === undefined) return quiet(cursor);
  if (cursor.dialect === 'tsql') return readTsqlBody(cursor, { table, rows: [], tables: ['inserted', 'deleted'] });
  const rows = ['new', 'old'];
  while (!cursor.done && !cursor.sees(';')) {
    if (cursor.sees('referencing')) rows.push(...readReferences(cursor));
    const { word } = cursor.peek();
    if (word === 'begin' || word === 'declare') return bodyOf(readBody(cursor), { table, rows, tables: [] });
    if (STARTS_BODY.has(word)) return bodyOf(readStatement(cursor), { table, rows, tables: [] });
    if (!cursor.skipGroup()) cursor.next();
  }
  return { kind: 'other', verb: 'create' };
}

/** `FOR|AFTER INSERT, UPDATE AS <statements>`. */
function readTsqlBody(cursor: Cursor, trigger: Trigger): Statement {
  while (!cursor.done && !cursor.sees('as')) if (!takeExecuteAs(cursor)) cursor.next();
  cursor.next();
  return bodyOf(readBody(cursor), trigger);
}

function bodyOf(read: Statement, trigger: Trigger): Statement {
  return { kind: 'body', statements: read.kind === 'body' ? read.statements : [read], trigger };
}

/** The names of `REFERENCING NEW AS n OLD AS o`. */
function readReferences(cursor: Cursor): string[] {
  const names: string[] = [];
  cursor.next();
  while (/^(new|old)$/.test(cursor.peek().word)) {
    cursor.next();
    cursor.take('row');
    cursor.take('as');
    if (isName(cursor.peek())) names.push(cursor.next().text);
  }
  return names;
}
