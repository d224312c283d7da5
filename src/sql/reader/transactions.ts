import type { Dialect } from '../dialect.js';
import type { Statement, TransactionStep } from '../statement-tree.js';
import type { Cursor } from './cursor.js';
import { skipStatement } from './quiet-statements.js';

/** Where settings are a part of the transaction in which they are made. */
const SETTINGS_IN: ReadonlySet<Dialect> = new Set(['postgres', 'redshift', 'ansi']);
const STEPS: Readonly<Partial<Record<string, TransactionStep>>> = {
  begin: 'begin',
  start: 'begin',
  commit: 'commit',
  end: 'commit',
  rollback: 'rollback',
  abort: 'rollback',
  savepoint: 'save',
};

/**
 * What begins or ends a transaction, with or without words behind it, and DISCARD; `undefined` (cursor unmoved) for all
 * else.
 */
export function readTransaction(cursor: Cursor): Statement | undefined {
  const { word } = cursor.peek();
  if (word === 'discard' && /^(temp|temporary|all)$/.test(cursor.peek(1).word)) {
    skipStatement(cursor);
    return { kind: 'transaction', does: 'discard' };
  }
  const does = STEPS[word];
  if (does === undefined || !SETTINGS_IN.has(cursor.dialect)) return undefined;
  // END and BEGIN of a body are a block's
  if (cursor.inBody && /^(begin|end|start)$/.test(word)) return undefined;
  if (word === 'start' && cursor.peek(1).word !== 'transaction') return undefined;
  const isPart = /^(work|transaction)$/.test(cursor.peek(1).word);
  const next = cursor.at + (isPart ? 2 : 1);
  const isBack = does === 'rollback' && cursor.token(next).word === 'to';
  const named = isBack ? next + (cursor.token(next + 1).word === 'savepoint' ? 2 : 1) : next;
  const isChained = cursor.token(next).word === 'and' && cursor.token(next + 1).word === 'chain';
  // `COMMIT PREPARED 'x'` ends another one
  const isOther = cursor.token(next).word === 'prepared';
  const name = cursor.token(named).text.toLowerCase();
  skipStatement(cursor);
  if (isOther) return { kind: 'other', verb: word };
  if (isBack || does === 'save') return { kind: 'transaction', does: isBack ? 'restore' : 'save', name };
  const step: Statement = { kind: 'transaction', does };
  if (!isChained) return step;
  cursor.side.push(step);
  return { kind: 'transaction', does: 'begin' };
}

/** Whether a temporary table ends with its transaction: `ON COMMIT DROP` is between its name, at the cursor, and AS. */
export function dropsOnCommit(cursor: Cursor): boolean {
  for (let at = cursor.at; cursor.token(at).kind !== 'end'; at += 1) {
    const { word } = cursor.token(at);
    if (word === '(') at = cursor.closeOf(at);
    else if (word === 'commit') return cursor.token(at + 1).word === 'drop';
    else if (word === ';' || word === 'as') return false;
  }
  return false;
}
