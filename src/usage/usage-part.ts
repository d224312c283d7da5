import { createHash } from 'node:crypto';
import { z } from 'zod';
import { moment, type Login, type Moment, type ParsedText } from './staged-line.js';
import { laterOf } from './text-groups.js';

/**
 * What a run says of one thing, additive: parts of the same key are united. The letters in front of keys are the order in which they are
 * published: queries, then tables, then tables by day, the oldest first, then costs.
 */

const queryPart = z.object({
  kind: z.literal('query'),
  text: z.string(),
  type: z.string().optional(),
  /** Ids. */
  tables: z.array(z.string()),
  users: z.array(z.tuple([z.string(), z.string().optional()])),
  newest: moment,
  timed: z.number(),
  durationMs: z.number(),
});
export type QueryPart = z.infer<typeof queryPart>;

const tablePart = z.object({
  kind: z.literal('table'),
  id: z.string(),
  fqn: z.string(),
  /** Count by day. */
  days: z.array(z.tuple([z.number(), z.number()])),
  lifeCycle: z.object({
    created: moment.optional(),
    updated: moment.optional(),
    accessed: moment.optional(),
  }),
});
export type TablePart = z.infer<typeof tablePart>;

const dayPart = z.object({
  kind: z.literal('day'),
  id: z.string(),
  fqn: z.string(),
  day: z.number(),
  count: z.number(),
  /** Column name, FQN of the other column, runs. */
  joins: z.array(z.tuple([z.string(), z.string(), z.number()])),
});
export type DayPart = z.infer<typeof dayPart>;

const costPart = z.object({
  kind: z.literal('cost'),
  /** Of the stored text. */
  checksum: z.string(),
  day: z.number(),
  cost: z.number(),
  count: z.number(),
  durationMs: z.number(),
});
export type CostPart = z.infer<typeof costPart>;

const part = z.discriminatedUnion('kind', [queryPart, tablePart, dayPart, costPart]);
export type UsagePart = z.infer<typeof part>;

/** A staged part with its key. */
export const keyedPart = z.tuple([z.string(), part]);
export type KeyedPart = z.infer<typeof keyedPart>;

/** The parts that a parsed text is made of. */
export function* partsOf(parsed: ParsedText, withCosts: boolean): Generator<KeyedPart> {
  const { tables, joins, query, days, users, newest } = parsed;
  if (query !== undefined) {
    const checksum = createHash('md5').update(query.text).digest('hex');
    yield [
      `a ${checksum}`,
      {
        kind: 'query',
        ...query,
        tables: tables.map(({ id }) => id),
        users,
        newest,
        timed: sum(days, (each) => each.timed),
        durationMs: sum(days, (each) => each.durationMs),
      },
    ];
    if (withCosts) {
      for (const { day, priced, cost, runs, durationMs } of days) {
        if (priced > 0) yield [`d ${day} ${checksum}`, { kind: 'cost', checksum, day, cost, count: runs, durationMs }];
      }
    }
  }
  for (const { id, fqn, use } of tables) {
    const counts = days.map(({ day, runs }): [number, number] => [day, runs]);
    yield [`b ${fqn}`, { kind: 'table', id, fqn, days: counts, lifeCycle: { [use]: newest } }];
    const own = joins.filter(({ left }) => left === fqn);
    for (const { day, runs } of days) {
      const joined = own.map(({ column, other }): DayPart['joins'][number] => [column, other, runs]);
      yield [`c ${String(day).padStart(15, '0')} ${fqn}`, { kind: 'day', id, fqn, day, count: runs, joins: joined }];
    }
  }
}

/** The same for both; the order of what is united does not matter. */
export function uniteParts(left: UsagePart, right: UsagePart): UsagePart {
  if (left.kind === 'query' && right.kind === 'query') return uniteQueries(left, right);
  if (left.kind === 'table' && right.kind === 'table') return uniteTables(left, right);
  if (left.kind === 'day' && right.kind === 'day') {
    return { ...left, count: left.count + right.count, joins: uniteJoins(left.joins, right.joins) };
  }
  if (left.kind === 'cost' && right.kind === 'cost') {
    const { cost, count, durationMs } = right;
    return { ...left, cost: left.cost + cost, count: left.count + count, durationMs: left.durationMs + durationMs };
  }
  throw new Error(`Parts of one key are of two kinds: ${left.kind} and ${right.kind}.`);
}

function uniteQueries(left: QueryPart, right: QueryPart): QueryPart {
  const newest = laterOf(left.newest, right.newest);
  const type = newest === left.newest ? (left.type ?? right.type) : (right.type ?? left.type);
  return {
    kind: 'query',
    text: left.text,
    ...(type === undefined ? {} : { type }),
    tables: [...new Set([...left.tables, ...right.tables])].sort(),
    users: uniteUsers(left.users, right.users),
    newest,
    timed: left.timed + right.timed,
    durationMs: left.durationMs + right.durationMs,
  };
}

function uniteUsers(left: readonly Login[], right: readonly Login[]): Login[] {
  const users = new Map(left.map((login) => [login[0], login]));
  for (const login of right) if (users.get(login[0])?.[1] === undefined) users.set(login[0], login);
  return [...users.values()].sort(([one], [other]) => (one < other ? -1 : 1));
}

function uniteTables(left: TablePart, right: TablePart): TablePart {
  const days = new Map(left.days);
  for (const [day, count] of right.days) days.set(day, (days.get(day) ?? 0) + count);
  return {
    ...left,
    days: [...days].sort(([one], [other]) => one - other),
    lifeCycle: {
      ...later('created', left, right),
      ...later('updated', left, right),
      ...later('accessed', left, right),
    },
  };
}

function later(use: keyof TablePart['lifeCycle'], left: TablePart, right: TablePart): TablePart['lifeCycle'] {
  const [one, other]: (Moment | undefined)[] = [left.lifeCycle[use], right.lifeCycle[use]];
  if (one === undefined || other === undefined) {
    const known = one ?? other;
    return known === undefined ? {} : { [use]: known };
  }
  return { [use]: laterOf(one, other) };
}

function uniteJoins(left: DayPart['joins'], right: DayPart['joins']): DayPart['joins'] {
  if (right.length === 0) return left;
  const joins = new Map(left.map((join) => [`${join[0]}\n${join[1]}`, join]));
  for (const [column, other, count] of right) {
    const key = `${column}\n${other}`;
    joins.set(key, [column, other, count + (joins.get(key)?.[2] ?? 0)]);
  }
  return [...joins].sort(([one], [another]) => (one < another ? -1 : 1)).map(([, join]) => join);
}

function sum<T>(members: readonly T[], value: (member: T) => number): number {
  return members.reduce((total, member) => total + value(member), 0);
}
