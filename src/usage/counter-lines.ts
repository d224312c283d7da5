import { z } from 'zod';

/**
 * Lines of the state `counters`: a head, a statement each in binary order of the keys, a foot. Times are milliseconds
 * since the epoch.
 */

const head = z.object({
  kind: z.literal('head'),
  version: z.literal(1),
  /** What was counted by: counters of other settings can't be compared. */
  settings: z.string(),
  /** Start of the run. */
  startedAt: z.number(),
  /** The source's clock at the reading; absent when it showed no statement yet. */
  readAt: z.number().optional(),
});
export type LedgerHead = z.infer<typeof head>;

const counter = z.object({ calls: z.number(), durationMs: z.number(), since: z.number().optional() });
export type KnownCounter = z.infer<typeof counter>;

const runs = { runs: z.number(), durationMs: z.number() };
const countedDay = z.object({
  day: z.number(),
  ...runs,
  /** On the newest day: what each counter, told by its beginning, has given of these runs. */
  of: z.array(z.object({ since: z.number().optional(), ...runs })).optional(),
});
export type CountedDay = z.infer<typeof countedDay>;

const statement = z.object({
  kind: z.literal('statement'),
  key: z.string(),
  /** As it was read; absent when it was not there any more. */
  counter: counter.optional(),
  /** Its runs by day; absent while none counts. */
  counted: z
    .object({
      text: z.string(),
      database: z.string().optional(),
      schema: z.string().optional(),
      user: z.string().optional(),
      days: z.array(countedDay),
      /** Start of the run that found the newest ones. */
      newestAt: z.number(),
    })
    .optional(),
});
export type LedgerStatement = z.infer<typeof statement>;

const foot = z.object({
  kind: z.literal('foot'),
  /** Start of the run before; absent at the first reading. */
  before: z.number().optional(),
  /** Statements whose runs so far count for no day, and these runs. */
  first: z.number(),
  firstCalls: z.number(),
  /** At the first reading: statements whose counters began on its day, so that their runs count. */
  begun: z.number().default(0),
  /** Counters that restarted. */
  anew: z.number(),
});
export type LedgerFoot = z.infer<typeof foot>;

export const ledgerLine = z.discriminatedUnion('kind', [head, statement, foot]);
export type LedgerLine = z.infer<typeof ledgerLine>;
