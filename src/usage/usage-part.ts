import { z } from 'zod';
import { queryChecksum } from '../openmetadata/index.js';
import { joinCount } from './sent-joins.js';
import { moment, type ParsedText } from './staged-line.js';

/**
 * What a run says about one thing, additive: parts with the same key are merged. The letter that a key begins with
 * gives the order of publishing: queries, then tables, then tables by day (oldest first), then costs.
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
  joins: z.array(joinCount),
});
export type DayPart = z.infer<typeof dayPart>;

const costPart = z.object({
  kind: z.literal('cost'),
  /** Of the stored statement. */
  checksum: z.string(),
  day: z.number(),
  /** Runs whose cost the log tells, among `count`; parts of older versions have one. */
  priced: z.number().default(1),
  cost: z.number(),
  count: z.number(),
  durationMs: z.number(),
});
export type CostPart = z.infer<typeof costPart>;

export const usagePart = z.discriminatedUnion('kind', [queryPart, tablePart, dayPart, costPart]);
export type UsagePart = z.infer<typeof usagePart>;

/** A staged part with its key. */
export const keyedPart = z.tuple([z.string(), usagePart]);
export type KeyedPart = z.infer<typeof keyedPart>;

/** The parts of a parsed statement. */
export function* partsOf(parsed: ParsedText, withCosts: boolean): Generator<KeyedPart> {
  const { tables, joins, query, days, users, newest } = parsed;
  if (query !== undefined && days.some(({ leftOut }) => leftOut !== true)) {
    const checksum = queryChecksum(query.text);
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
      // Those without a cost too: several groups may be stored as one statement.
      for (const { day, priced, cost, runs, durationMs } of days)
        yield [`d ${day} ${checksum}`, { kind: 'cost', checksum, day, priced, cost, count: runs, durationMs }];
    }
  }
  for (const { id, fqn, uses } of tables) {
    const counts = days.map(({ day, runs }): [number, number] => [day, runs]);
    const lifeCycle = newest.at === 0 ? {} : Object.fromEntries(uses.map((use) => [use, newest]));
    yield [`b ${fqn}`, { kind: 'table', id, fqn, days: counts, lifeCycle }];
    const own = joins.filter(({ left }) => left === fqn);
    for (const { day, runs } of days) {
      const joined = own.map(({ column, other }): DayPart['joins'][number] => [column, other, runs]);
      yield [`c ${String(day).padStart(15, '0')} ${fqn}`, { kind: 'day', id, fqn, day, count: runs, joins: joined }];
    }
  }
}

function sum<T>(members: readonly T[], value: (member: T) => number): number {
  return members.reduce((total, member) => total + value(member), 0);
}
