import { laterOf, type Login, type Moment } from './staged-line.js';
import type { CostPart, DayPart, QueryPart, TablePart, UsagePart } from './usage-part.js';

/** Estimated memory, bytes. */
const PART_BYTES = 600;
const MEMBER_BYTES = 100;

/** A part that grows by others of its key. What is added up does not depend on the order. */
export interface PartSum {
  /** @returns by how much its memory grew, estimated bytes */
  add(part: UsagePart): number;
  part(): UsagePart;
}

/** @param part with which the sum begins */
export function sumOf(part: UsagePart): { readonly sum: PartSum; readonly bytes: number } {
  const sum = emptySum(part);
  return { sum, bytes: PART_BYTES + sum.add(part) + (part.kind === 'query' ? part.text.length : 0) };
}

export function uniteParts(left: UsagePart, right: UsagePart): UsagePart {
  const { sum } = sumOf(left);
  sum.add(right);
  return sum.part();
}

function emptySum(part: UsagePart): PartSum {
  switch (part.kind) {
    case 'query':
      return new QuerySum(part);
    case 'table':
      return new TableSum(part);
    case 'day':
      return new DaySum(part);
    case 'cost':
      return new CostSum(part);
  }
}

class QuerySum implements PartSum {
  readonly #tables = new Set<string>();
  readonly #users = new Map<string, Login>();
  #type: string | undefined;
  #newest: Moment;
  #timed = 0;
  #durationMs = 0;

  constructor(private readonly first: QueryPart) {
    this.#newest = first.newest;
  }

  add(part: UsagePart): number {
    if (part.kind !== 'query') throw otherKind(part, 'query');
    const before = this.#tables.size + this.#users.size;
    for (const table of part.tables) this.#tables.add(table);
    for (const login of part.users) if (this.#users.get(login[0])?.[1] === undefined) this.#users.set(login[0], login);
    const newest = laterOf(this.#newest, part.newest);
    this.#type = newest === part.newest ? (part.type ?? this.#type) : (this.#type ?? part.type);
    this.#newest = newest;
    this.#timed += part.timed;
    this.#durationMs += part.durationMs;
    return MEMBER_BYTES * (this.#tables.size + this.#users.size - before);
  }

  part(): QueryPart {
    return {
      kind: 'query',
      text: this.first.text,
      ...(this.#type === undefined ? {} : { type: this.#type }),
      tables: [...this.#tables].sort(),
      users: [...this.#users.values()].sort(([one], [other]) => (one < other ? -1 : 1)),
      newest: this.#newest,
      timed: this.#timed,
      durationMs: this.#durationMs,
    };
  }
}

class TableSum implements PartSum {
  readonly #days = new Map<number, number>();
  readonly #lifeCycle: { created?: Moment; updated?: Moment; accessed?: Moment } = {};

  constructor(private readonly first: TablePart) {}

  add(part: UsagePart): number {
    if (part.kind !== 'table') throw otherKind(part, 'table');
    const before = this.#days.size;
    for (const [day, count] of part.days) this.#days.set(day, (this.#days.get(day) ?? 0) + count);
    for (const use of ['created', 'updated', 'accessed'] as const) {
      const [known, other] = [this.#lifeCycle[use], part.lifeCycle[use]];
      if (other !== undefined) this.#lifeCycle[use] = known === undefined ? other : laterOf(known, other);
    }
    return MEMBER_BYTES * (this.#days.size - before);
  }

  part(): TablePart {
    const { kind, id, fqn } = this.first;
    return {
      ...{ kind, id, fqn },
      days: [...this.#days].sort(([one], [other]) => one - other),
      lifeCycle: { ...this.#lifeCycle },
    };
  }
}

class DaySum implements PartSum {
  /** By column and the other's FQN. */
  readonly #joins = new Map<string, [column: string, other: string, runs: number]>();
  #count = 0;

  constructor(private readonly first: DayPart) {}

  add(part: UsagePart): number {
    if (part.kind !== 'day') throw otherKind(part, 'day');
    const before = this.#joins.size;
    this.#count += part.count;
    for (const [column, other, runs] of part.joins) {
      const key = `${column}\n${other}`;
      const known = this.#joins.get(key);
      if (known === undefined) this.#joins.set(key, [column, other, runs]);
      else known[2] += runs;
    }
    return 2 * MEMBER_BYTES * (this.#joins.size - before);
  }

  part(): DayPart {
    const { kind, id, fqn, day } = this.first;
    const joins = [...this.#joins].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, join]) => join);
    return { ...{ kind, id, fqn, day }, count: this.#count, joins };
  }
}

class CostSum implements PartSum {
  #priced = 0;
  #cost = 0;
  #count = 0;
  #durationMs = 0;

  constructor(private readonly first: CostPart) {}

  add(part: UsagePart): number {
    if (part.kind !== 'cost') throw otherKind(part, 'cost');
    this.#priced += part.priced;
    this.#cost += part.cost;
    this.#count += part.count;
    this.#durationMs += part.durationMs;
    return 0;
  }

  part(): CostPart {
    return { ...this.first, priced: this.#priced, cost: this.#cost, count: this.#count, durationMs: this.#durationMs };
  }
}

function otherKind(part: UsagePart, kind: UsagePart['kind']): Error {
  return new Error(`Parts of one key are of two kinds: ${kind} and ${part.kind}.`);
}
