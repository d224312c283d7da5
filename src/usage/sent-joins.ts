import { z } from 'zod';
import type { StateAddress } from '../staging/index.js';
import { EarlierLines } from './earlier-lines.js';

/** Column name, FQN of the other column, runs. */
export const joinCount = z.tuple([z.string(), z.string(), z.number()]);
export type JoinCount = z.infer<typeof joinCount>;

/** What the catalog has of a table's joins on a day. */
export const dayJoins = z.object({
  /** Id of the table. */
  table: z.string(),
  /**
   * These are all that it has, exactly: known where this program sent the day's first count. Else there may be others,
   * and of these it has at least as many.
   */
  whole: z.boolean(),
  pairs: z.array(joinCount),
});
export type DayJoins = z.infer<typeof dayJoins>;

export interface JoinsKey {
  /** Midnight in UTC, milliseconds since the epoch. */
  readonly day: number;
  /** Of the table. */
  readonly fqn: string;
}
export interface SentJoins extends JoinsKey, DayJoins {}

const line = z.tuple([z.number(), z.string(), dayJoins]);

/** Where the joins that were sent outlive a run: a line for each day and table, in their order. */
export function sentJoins(service: string): StateAddress {
  return { service, kind: 'usage', name: 'joins' };
}

export function printSentJoins({ day, fqn, table, whole, pairs }: SentJoins): string {
  return JSON.stringify([day, fqn, { table, whole, pairs }]);
}

export type EarlierJoins = EarlierLines<JoinsKey, SentJoins>;

/** Those that an earlier run left; of days that are no longer kept they are left out. */
export function earlierJoins(lines: AsyncIterable<string> | undefined, oldest: number): EarlierJoins {
  return new EarlierLines({ lines, oldest, parse, nameOf: ({ fqn }: JoinsKey) => fqn });
}

function parse(text: string): SentJoins {
  const [day, fqn, joins] = line.parse(JSON.parse(text));
  return { day, fqn, ...joins };
}
