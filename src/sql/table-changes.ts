import type { Dialect } from './dialect.js';
import { readAlter, readDrop } from './reader/alterations.js';
import { Cursor } from './reader/cursor.js';
import { readName } from './reader/names.js';
import { readRename } from './reader/renames.js';
import { skipSetStatement } from './reader/set-statement.js';
import type { SqlSession } from './sql-session.js';
import { tokensOf } from './token-front-end.js';
import type { Statement } from './statement-tree.js';
import type { Name } from './tree.js';

/** A name's parts, without quotes, outermost first. */
type Parts = readonly string[];

/** What a statement does to tables of its session. */
export type TableChange =
  { readonly created: Parts } | { readonly dropped: Parts } | { readonly renamed: Parts; readonly to: Parts };

/** Whatever has none of these words changes nothing, and most texts don't. */
const MAY_CHANGE = /temporary|rename|drop/i;

/** The temporary tables that a text makes, and whatever tables it drops and renames, in order. */
export function tableChanges(sql: string, dialect: Dialect, session?: SqlSession): readonly TableChange[] {
  if (!MAY_CHANGE.test(sql)) return [];
  const cursor = new Cursor(tokensOf(sql, dialect, session), dialect);
  const changes: TableChange[] = [];
  while (!cursor.done) {
    skipSetStatement(cursor);
    changes.push(...changesOf(cursor));
    while (!cursor.done && !cursor.sees(';')) cursor.next();
    cursor.next();
  }
  return changes;
}

function changesOf(cursor: Cursor): readonly TableChange[] {
  switch (cursor.peek().word) {
    case 'create': {
      const created = readCreated(cursor);
      return created === undefined ? [] : [{ created: partsOf(created) }];
    }
    case 'drop':
      return cursor.peek(1).word === 'view' ? [] : toChanges(readDrop(cursor));
    case 'rename':
      return toChanges(readRename(cursor));
    case 'alter':
      return toChanges(readAlter(cursor));
    default:
      return [];
  }
}

function readCreated(cursor: Cursor): Name | undefined {
  cursor.next();
  cursor.take('or', 'replace');
  if (!cursor.take('temporary', 'table')) return undefined;
  cursor.take('if', 'not', 'exists');
  return readName(cursor);
}

function toChanges(statement: Statement | undefined): readonly TableChange[] {
  if (statement?.kind === 'drop') return statement.tables.map((table) => ({ dropped: partsOf(table) }));
  if (statement?.kind !== 'rename') return [];
  return statement.pairs.map(({ from, to }) => ({ renamed: partsOf(from), to: partsOf(to) }));
}

function partsOf(name: Name): Parts {
  return name.map(({ text }) => text);
}
