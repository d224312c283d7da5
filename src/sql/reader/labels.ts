import type { Cursor } from './cursor.js';

/** T-SQL's `done:` in front of a statement, to which GOTO goes. */
export function startsLabel(cursor: Cursor): boolean {
  return cursor.dialect === 'tsql' && cursor.peek().kind === 'word' && cursor.peek(1).word === ':';
}

export function takeLabel(cursor: Cursor): boolean {
  if (!startsLabel(cursor)) return false;
  cursor.at += 2;
  return true;
}

const jumps = new WeakMap<Cursor['list'], readonly (readonly [number, number])[]>();

/** Each GOTO of T-SQL with the label where it goes on, by their places. */
export function jumpsOf(cursor: Cursor): readonly (readonly [number, number])[] {
  if (cursor.dialect !== 'tsql') return [];
  let found = jumps.get(cursor.list);
  if (found === undefined) {
    found = allJumps(cursor);
    jumps.set(cursor.list, found);
  }
  return found;
}

function allJumps(cursor: Cursor): readonly (readonly [number, number])[] {
  const labels = new Map<string, number>();
  const gone: (readonly [string, number])[] = [];
  for (const [index, { kind, text, word }] of cursor.tokens.entries()) {
    if (word === 'goto') gone.push([cursor.token(index + 1).text.toLowerCase(), index]);
    else if (kind === 'word' && cursor.token(index + 1).word === ':') labels.set(text.toLowerCase(), index);
  }
  return gone.flatMap(([name, index]) => {
    const label = labels.get(name);
    return label === undefined ? [] : [[index, label] as const];
  });
}
