import type { Dialect } from '../dialect.js';
import type { Statement, Use, Way } from '../statement-tree.js';
import type { Cursor } from './cursor.js';
import { endOfBatch } from './dynamic/batches.js';
import { flowOf, handlersOf } from './dynamic/control-flow.js';
import { forkAt, type Branch, type Fork } from './dynamic/flow-tree.js';
import { PIECE } from './dynamic/piece.js';
import { firstFrom } from './dynamic/variable-walk.js';
import { jumpsOf } from './labels.js';
import { usesInText, type Placed } from './uses-in-text.js';

interface Ways {
  readonly all: readonly Placed<Way | Use>[];
  next: number;
}

const found = new WeakMap<Cursor, Ways>();

/** What is to be known in front of the cursor of the ways that choose where names are looked up, each once. */
export function takeWays(cursor: Cursor, statements: Statement[]): void {
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
  const uses = usesInText(cursor);
  const flow = uses.length === 0 ? undefined : flowOf(cursor);
  if (flow === undefined) return [];
  const unknown = [...labelsOf(cursor, flow, uses), ...batchesOf(cursor, flow, uses)];
  const ways = [
    ...partsOf(cursor.dialect, flow, uses),
    ...handledOf(cursor, uses),
    ...unknown.map((at) => ({ at, statement: UNKNOWN_USE })),
  ];
  return ways.sort((left, right) => left.at - right.at);
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

/** Where a batch or text ends that a way with a USE may have left before: what is behind runs all the same. */
function batchesOf(cursor: Cursor, flow: Branch, uses: readonly Placed<Use>[]): readonly number[] {
  const forks = new Set(uses.map(({ at }) => forkAt(flow, at)));
  const ends = [...forks].flatMap((fork) => {
    const isLeft = fork !== undefined && cursor.tokens.slice(fork.from, fork.to).some(({ word }) => LEAVES.test(word));
    return isLeft ? [endOfBatch(cursor, fork.from)] : [];
  });
  return [...new Set(ends)];
}

/** Where a block fails, what it has set is as it was before. */
const ROLLS_BACK: ReadonlySet<Dialect> = new Set(['postgres', 'redshift']);

const LEAVES = /^(?:return|throw)$/;
const UNKNOWN_USE: Use = { kind: 'use', name: [{ text: PIECE, quoted: false }], isOneOf: true };

/** What a handler runs may find whatever its block chooses, and so may what is behind the block. */
function handledOf(cursor: Cursor, uses: readonly Placed<Use>[]): readonly Placed<Way | Use>[] {
  return handlersOf(cursor).flatMap(({ from, to, isExit, end = cursor.tokens.length }) => {
    if (within(uses, { from, to: end }).length === 0) return [];
    // behind each statement that fails its own USE may hold
    const mayGoOn = !isExit && within(uses, { from, to }).length > 0;
    const behind = mayGoOn ? [to, ...within(uses, { from: to, to: end }).map(({ at }) => at + 1)] : [];
    return [
      { at: from, statement: { kind: 'way', does: 'part', or: [] } },
      { at: from, statement: UNKNOWN_USE },
      { at: to, statement: { kind: 'way', does: 'meet', or: [], leaves: true } },
      ...[...behind, end].map((at) => ({ at, statement: UNKNOWN_USE })),
    ];
  });
}

function partsOf(dialect: Dialect, branch: Branch, uses: readonly Placed<Use>[]): readonly Placed<Way>[] {
  return branch.forks.flatMap((fork) => {
    const inside = within(uses, fork);
    if (inside.length === 0) return [];
    if (fork.kind === 'handler') return fork.branches.flatMap((each) => partsOf(dialect, each, inside));
    return waysThrough(dialect, fork, inside);
  });
}

function within<T>(
  placed: readonly Placed<T>[],
  { from, to }: { readonly from: number; readonly to: number }
): readonly Placed<T>[] {
  return placed.slice(firstFrom(placed, from), firstFrom(placed, to));
}

function waysThrough(dialect: Dialect, fork: Fork, inside: readonly Placed<Use>[]): readonly Placed<Way>[] {
  const { kind, from, to, branches, isWhole } = fork;
  const chosen = inside.map(({ statement }) => statement);
  const ofRounds = kind === 'loop' ? chosen : [];
  const isLeft = (fork.left ?? []).length > 0;
  const rollsBack = ROLLS_BACK.has(dialect);
  const ways: Placed<Way>[] = [{ at: from, statement: { kind: 'way', does: 'part', or: ofRounds } }];
  for (const [index, branch] of branches.entries()) {
    const before = branches[index - 1];
    if (before !== undefined) {
      const failed = kind === 'try' && !rollsBack ? within(inside, before) : [];
      const or = failed.map(({ statement }) => statement);
      ways.push({ at: before.to, statement: { kind: 'way', does: 'next', or, leaves: before.leaves } });
    }
    ways.push(...partsOf(dialect, branch, inside));
  }
  const leaves = branches.at(-1)?.leaves === true;
  const isOpen = (!isWhole && kind !== 'try') || isLeft;
  ways.push({ at: to, statement: { kind: 'way', does: 'meet', or: isLeft ? chosen : ofRounds, leaves, isOpen } });
  return ways;
}
