import type { Statement, Use, Way } from '../statement-tree.js';
import { startsUse } from './clauses.js';
import type { Cursor } from './cursor.js';
import { endOfBatch } from './dynamic/batches.js';
import { flowOf } from './dynamic/control-flow.js';
import { forkAt, type Branch, type Fork } from './dynamic/flow-tree.js';
import { PIECE } from './dynamic/piece.js';
import { firstFrom } from './dynamic/variable-walk.js';
import { jumpsOf } from './labels.js';
import { readUse } from './uses.js';

interface Placed<T> {
  readonly at: number;
  readonly statement: T;
}

interface Ways {
  readonly all: readonly Placed<Way | Use>[];
  next: number;
}

const found = new WeakMap<Cursor, Ways>();

/** What is to be known in front of the cursor of the ways of T-SQL's text that choose a database, each once. */
export function takeWays(cursor: Cursor, statements: Statement[]): void {
  if (cursor.dialect !== 'tsql') return;
  let ways = found.get(cursor);
  if (ways === undefined) {
    ways = { all: waysOf(cursor), next: 0 };
    found.set(cursor, ways);
  }
  for (; ; ways.next += 1) {
    const way = ways.all[ways.next];
    if (way === undefined || way.at > cursor.at) return;
    statements.push(way.statement);
  }
}

function waysOf(cursor: Cursor): readonly Placed<Way | Use>[] {
  const uses = usesIn(cursor);
  const flow = uses.length === 0 ? undefined : flowOf(cursor);
  if (flow === undefined) return [];
  const unknown = [...labelsOf(cursor, flow, uses), ...batchesOf(cursor, flow, uses)];
  return [...partsOf(flow, uses), ...unknown.map((at) => ({ at, statement: UNKNOWN_USE }))].sort(
    (left, right) => left.at - right.at
  );
}

/** Where a GOTO goes on that passes over a USE, or comes from a way with one. */
function labelsOf(cursor: Cursor, flow: Branch, uses: readonly Placed<Use>[]): readonly number[] {
  const isWithin = (from: number, to: number): boolean => firstFrom(uses, from) < firstFrom(uses, to);
  const mayChoose = (index: number): boolean => {
    const fork = forkAt(flow, index);
    return fork !== undefined && isWithin(fork.from, fork.to);
  };
  const jumps = jumpsOf(cursor).filter(
    ([jump, label]) => isWithin(Math.min(jump, label), Math.max(jump, label)) || mayChoose(jump) || mayChoose(label)
  );
  return [...new Set(jumps.map(([, label]) => label))];
}

/** Where a batch ends that a way with a USE may have left before: the next one runs all the same. */
function batchesOf(cursor: Cursor, flow: Branch, uses: readonly Placed<Use>[]): readonly number[] {
  const ends = uses.flatMap(({ at }) => {
    const fork = forkAt(flow, at);
    const isLeft = fork !== undefined && cursor.tokens.slice(fork.from, fork.to).some(({ word }) => LEAVES.test(word));
    return isLeft ? [endOfBatch(cursor, at)] : [];
  });
  return [...new Set(ends)];
}

const LEAVES = /^(?:return|throw)$/;
const UNKNOWN_USE: Use = { kind: 'use', name: [{ text: PIECE, quoted: false }], isOneOf: true };

function usesIn(cursor: Cursor): readonly Placed<Use>[] {
  const [start, doubts] = [cursor.at, cursor.doubts.length];
  const uses: Placed<Use>[] = [];
  for (const [at, { word }] of cursor.tokens.entries()) {
    if (word !== 'use' || !startsUse(cursor, at)) continue;
    cursor.at = at;
    const statement = readUse(cursor);
    if (statement.kind === 'use') uses.push({ at, statement });
  }
  cursor.at = start;
  cursor.doubts.splice(doubts);
  return uses;
}

function partsOf(branch: Branch, uses: readonly Placed<Use>[]): readonly Placed<Way>[] {
  return branch.forks.flatMap((fork) => {
    const inside = within(uses, fork);
    return inside.length === 0 ? [] : waysThrough(fork, inside);
  });
}

function within<T>(
  placed: readonly Placed<T>[],
  { from, to }: { readonly from: number; readonly to: number }
): readonly Placed<T>[] {
  return placed.slice(firstFrom(placed, from), firstFrom(placed, to));
}

function waysThrough(fork: Fork, inside: readonly Placed<Use>[]): readonly Placed<Way>[] {
  const { kind, from, to, branches, isWhole } = fork;
  const chosen = inside.map(({ statement }) => statement);
  const ofRounds = kind === 'loop' ? chosen : [];
  const ways: Placed<Way>[] = [{ at: from, statement: { kind: 'way', does: 'part', or: ofRounds } }];
  for (const [index, branch] of branches.entries()) {
    const before = branches[index - 1];
    if (before !== undefined) {
      const failed = kind === 'try' ? within(inside, before) : [];
      const or = failed.map(({ statement }) => statement);
      ways.push({ at: branch.from, statement: { kind: 'way', does: 'next', or, leaves: before.leaves } });
    }
    ways.push(...partsOf(branch, inside));
  }
  const leaves = branches.at(-1)?.leaves === true;
  const isOpen = !isWhole && kind !== 'try';
  ways.push({ at: to, statement: { kind: 'way', does: 'meet', or: ofRounds, leaves, isOpen } });
  return ways;
}
