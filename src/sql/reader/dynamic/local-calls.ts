import type { Cursor } from '../cursor.js';
import { branchAt, forkAt, type Branch, type Fork } from './flow-tree.js';
import type { Change } from './variable-walk.js';

/** Procedures that call each other are followed so far. */
const MOST_CALLED = 5;

interface Routine extends Fork {
  readonly name: string;
}

const routines = new WeakMap<Cursor['list'], readonly Routine[]>();

/** Where PL/SQL's procedures of the text itself are called that give a variable of the block around them a value. */
export function calledFills(cursor: Cursor, flow: Branch, name: string, changes: readonly Change[]): readonly Change[] {
  if (cursor.dialect !== 'oracle') return [];
  const called = new Set<number>();
  for (let round = 0; round < MOST_CALLED; round += 1) {
    const before = called.size;
    for (const routine of routinesOf(cursor, flow)) {
      if (routine.own?.has(name) === true) continue;
      const changed = [...changes.map(({ at }) => at), ...called];
      if (changed.some((at) => routine.from < at && at < routine.to))
        for (const at of callsOf(cursor, routine)) called.add(at);
    }
    if (called.size === before) break;
  }
  return [...called].map((at) => ({ at, isFill: true }));
}

function routinesOf(cursor: Cursor, flow: Branch): readonly Routine[] {
  let found = routines.get(cursor.list);
  if (found === undefined) {
    found = [...cursor.tokens.keys()].flatMap((index) => {
      if (!/^(?:procedure|function)$/.test(cursor.token(index).word)) return [];
      const fork = forkAt(branchAt(flow, index - 1), index);
      return fork?.from === index ? [{ ...fork, name: cursor.token(index + 1).text.toLowerCase() }] : [];
    });
    routines.set(cursor.list, found);
  }
  return found;
}

const calls = new WeakMap<Routine, readonly number[]>();

function callsOf(cursor: Cursor, routine: Routine): readonly number[] {
  let found = calls.get(routine);
  if (found === undefined) {
    found = [...cursor.tokens.keys()].filter(
      (at) =>
        at > routine.to && cursor.token(at).text.toLowerCase() === routine.name && cursor.token(at - 1).word !== 'end'
    );
    calls.set(routine, found);
  }
  return found;
}
