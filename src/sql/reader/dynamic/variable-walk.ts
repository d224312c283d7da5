import { assignedBy } from './assigned-text.js';
import type { Cursor } from '../cursor.js';
import { contains, forkAt, scopeStart, type Branch, type Fork } from './flow-tree.js';
import { PIECE } from './piece.js';
import { anyOf } from './possible-texts.js';

/** Characters of what one variable is found to hold. */
const MOST_LONG = 1_000_000;
/** What one walk and all walks of a text may cost, in changes that are followed: loops in loops multiply them. */
const MOST_FOLLOWED = 3_000;
const MOST_FOLLOWED_OF_TEXT = 200_000;
/** Characters of what branches may hold, compared to find what is the same in all: they double with each loop. */
const MOST_COMPARED_OF_TEXT = 4_000_000;
/** Ways out of one block or loop. */
const MOST_PLACES = 20;

export interface Budget {
  followed: number;
  compared: number;
}

/** Where a variable may get a value. */
export interface Change {
  readonly at: number;
  /** By something that isn't read. */
  readonly isFill: boolean;
}

/** How many of them come before a token. */
export function firstFrom(changes: readonly { readonly at: number }[], index: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.at ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Through the changes of a variable up to a token. */
export class Walk {
  #followed = 0;

  constructor(
    readonly cursor: Cursor,
    readonly name: string,
    readonly changes: readonly Change[],
    readonly until: number,
    /** What it holds before the first of them. */
    readonly start: string,
    readonly budget: Budget
  ) {}

  textFrom(flow: Branch): string {
    const text = this.through(flow, this.start) ?? PIECE;
    this.budget.followed += this.#followed;
    return this.isTooLong ? PIECE : text;
  }

  private get isTooLong(): boolean {
    const { followed, compared } = this.budget;
    return this.#followed > MOST_FOLLOWED || followed > MOST_FOLLOWED_OF_TEXT || compared > MOST_COMPARED_OF_TEXT;
  }

  private oneOf(texts: readonly string[]): string {
    if (texts.length > 1) this.budget.compared += texts.reduce((sum, { length }) => sum + length, 0);
    return this.isTooLong ? PIECE : anyOf(texts);
  }

  /** What it holds behind the branch, or at the token if that is in it; `undefined` where nothing goes on. */
  private through(branch: Branch, text: string, isWhole = false): string | undefined {
    const isHere = !isWhole && contains(branch, this.until);
    const inside = isHere ? forkAt(branch, this.until) : undefined;
    const end = isHere ? (inside?.from ?? this.until) : branch.to;
    let held = text;
    let from = branch.from;
    while (!this.isTooLong) {
      this.#followed += 1;
      const change = this.changes[firstFrom(this.changes, from)];
      if (change === undefined || change.at >= end) break;
      const fork = forkAt(branch, change.at);
      const next = fork === undefined ? this.changed(change, held) : this.past(fork, held);
      if (next === undefined) return undefined;
      held = next;
      from = fork?.to ?? change.at + 1;
    }
    if (inside !== undefined) return this.into(inside, held);
    return branch.leaves && !isHere ? undefined : held;
  }

  private changed(change: Change, held: string): string {
    const text = change.isFill ? PIECE : assignedBy(this.cursor, { name: this.name, text: held }, change.at);
    return text.length > MOST_LONG ? PIECE : text;
  }

  /** What the conditions of a fork make of it, and the row of a FOR; parameters of a routine are so inside of it. */
  private headed(fork: Fork, held: string, isInside: boolean): string {
    let text = held;
    for (let next = firstFrom(this.changes, fork.from); ; next += 1) {
      const change = this.changes[next];
      if (change === undefined || change.at >= fork.to) return text;
      const isParameter = fork.kind === 'choice' && change.at === fork.from;
      if (isParameter && !isInside) continue;
      if (!fork.branches.some((branch) => contains(branch, change.at))) text = this.changed(change, text);
    }
  }

  private past(fork: Fork, before: string): string | undefined {
    const [first, ...handlers] = fork.branches;
    if (first === undefined || fork.kind === 'handler') return before;
    // one of the same name that is not around it is none that was seen
    if (fork.own?.has(this.name) === true) return before === this.start || this.isNamedWithin(fork) ? PIECE : before;
    const held = this.headed(fork, before, false);
    let ends: (string | undefined)[];
    if (fork.kind === 'choice')
      ends = [
        ...fork.branches.map((branch) => this.through(branch, held, true)),
        ...this.heldAt(fork.left, first, held),
      ];
    else if (fork.kind === 'loop') {
      ends = this.rounds(fork, first, held);
      const starts = ends[0] === undefined ? [held] : [held, ends[0]];
      ends.push(...starts.flatMap((text) => this.heldAt(fork.left, first, text)));
    } else {
      const failed = this.whereItFails(first, held);
      ends = [...handlers.map((handler) => this.through(handler, failed, true)), this.through(first, held, true)];
    }
    if (fork.kind !== 'try' && !fork.isWhole) ends.unshift(held);
    const known = ends.filter((end) => end !== undefined);
    return known.length === 0 ? undefined : this.oneOf(known);
  }

  private into(fork: Fork, before: string): string | undefined {
    const branch = fork.branches.find((each) => contains(each, this.until));
    if (branch === undefined) return before;
    const isOwn = fork.own?.has(this.name) === true && fork.isLate !== true;
    const held = this.headed(fork, isOwn ? this.start : this.isChangedAround(fork) ? PIECE : before, true);
    if (fork.kind === 'handler')
      return this.through(branch, this.changes.some(({ at }) => at >= fork.to) ? PIECE : held);
    if (fork.kind === 'loop')
      return this.through(
        branch,
        this.oneOf([...this.rounds(fork, branch, held).filter((end) => end !== undefined), held])
      );
    const isHandler = fork.kind === 'try' && branch !== fork.branches[0];
    const [tried] = fork.branches;
    return this.through(branch, isHandler && tried !== undefined ? this.whereItFails(tried, held) : held);
  }

  /** True for a routine of the text itself whose caller may have changed the variable in between. */
  private isChangedAround({ from, to }: Fork): boolean {
    if (!/^(?:procedure|function)$/.test(this.cursor.token(from).word)) return false;
    const around = this.changes.filter(({ at }) => at < from || at >= to);
    return around.length > 1 || around.some(({ at }) => at >= to);
  }

  /** True where the variable around a block with one of the same name is given a value by its label: `l.t := 'a'`. */
  private isNamedWithin({ from, to }: Fork): boolean {
    return this.changes.some(({ at }) => from <= at && at < to && this.cursor.token(at - 2).word === '.');
  }

  /** After one round, and after two: what is appended in each is there more than once. */
  private rounds(fork: Fork, branch: Branch, held: string): (string | undefined)[] {
    const round = (text: string): string | undefined => {
      const ends = [this.through(branch, text, true), ...this.heldAt(fork.again, branch, text)];
      const known = ends.filter((end) => end !== undefined);
      return known.length === 0 ? undefined : this.headed(fork, this.oneOf(known), false);
    };
    const once = round(held);
    return once === undefined || once === held ? [once] : [once, round(once)];
  }

  /** What it holds at each of these places of a branch. */
  private heldAt(places: readonly number[] = [], branch: Branch, held: string): string[] {
    if (places.length > MOST_PLACES) return [PIECE];
    return places.flatMap((place) => {
      // another one has its name there
      if (scopeStart(branch, place, this.name) > 0) return [PIECE];
      const walk = new Walk(this.cursor, this.name, this.changes, place, this.start, this.budget);
      walk.#followed = this.#followed;
      const text = walk.through(branch, held);
      this.#followed = walk.#followed;
      return text === undefined ? [] : [text];
    });
  }

  /** In front of each change that it makes, and behind the last. */
  private whereItFails(branch: Branch, held: string): string {
    const texts = [held];
    for (const change of this.changes) {
      const end = { ...branch, to: change.at + 1, leaves: false };
      if (contains(branch, change.at)) texts.push(this.through(end, held, true) ?? held);
    }
    return this.oneOf(texts);
  }
}
