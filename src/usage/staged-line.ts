import { z } from 'zod';
import { unknownTally } from '../lineage/index.js';
import { sqlSession } from '../query-log/index.js';

/**
 * Lines of the usage workflow's staged chunks. All times are milliseconds since the epoch, days are their midnights in
 * UTC.
 */

const table = z.tuple([z.string(), z.string(), z.string()]);

/** Runs of a statement on one day; duration and cost are sums, over `timed` and `priced` runs. */
const dayRuns = z.object({
  day: z.number(),
  runs: z.number(),
  timed: z.number(),
  durationMs: z.number(),
  priced: z.number(),
  cost: z.number(),
  /** OpenMetadata does not keep the day, or it has not begun: nothing but its runs is here. */
  leftOut: z.exactOptional(z.literal(true)),
});
export type DayRuns = z.infer<typeof dayRuns>;

/** A login, and its e-mail address where the source has one. */
const login = z.tuple([z.string(), z.string().optional()]);
export type Login = z.infer<typeof login>;

/**
 * When something last happened, and by whom; at 0 when it has not happened yet: everything a log says about it is in
 * the future.
 */
export const moment = z.object({ at: z.number(), user: login.optional() });
export type Moment = z.infer<typeof moment>;

/** The later of two; of one time the user that sorts first, so that the order of the runs does not matter. */
export function laterOf(left: Moment, right: Moment): Moment {
  if (left.at !== right.at) return left.at > right.at ? left : right;
  if (left.user === undefined || right.user === undefined) return left.user === undefined ? right : left;
  return left.user[0] <= right.user[0] ? left : right;
}

/** `queries` slices: runs of statements that only differ in literals and comments, and ran in one place. */
export const textGroup = z.object({
  /** One of them, as it ran. */
  text: z.string(),
  /** The statement in a form that may be stored; absent when it can't be tokenized. */
  masked: z.string().optional(),
  database: z.string().optional(),
  schema: z.string().optional(),
  queryType: z.string().optional(),
  exactNames: z.exactOptional(z.literal(true)),
  /** Both as in LoggedQuery. */
  session: z.exactOptional(sqlSession),
  temporary: z.exactOptional(z.array(z.array(z.string()))),
  access: z.object({ read: z.array(table), written: z.array(table) }).optional(),
  days: z.array(dayRuns),
  users: z.array(login),
  newest: moment,
});
export type TextGroup = z.infer<typeof textGroup>;

/** What a statement did with a table: names of OpenMetadata's life cycle. */
const use = z.enum(['accessed', 'updated', 'created']);
export type TableUse = z.infer<typeof use>;

/** `parsed` slices: a group with the tables of the catalog that it names. */
export const parsedText = z.object({
  tables: z.array(z.object({ id: z.string(), fqn: z.string(), uses: z.array(use) })),
  /** Unordered pairs of columns that it compares: a column of `left`, which sorts first, and the FQN of the other. */
  joins: z.array(z.object({ left: z.string(), column: z.string(), other: z.string() })),
  /** Absent for what is counted, not stored. */
  query: z.object({ text: z.string(), type: z.string().optional() }).optional(),
  /** Of what is not stored: its beginning, its literals masked. */
  shown: z.string().optional(),
  days: z.array(dayRuns),
  users: z.array(login),
  newest: moment,
});
export type ParsedText = z.infer<typeof parsedText>;

/** What a parsed chunk says about its statements; kept in its manifest entry. */
export const chunkTally = unknownTally.extend({
  /** Runs of statements that name a table of the catalog. */
  counted: z.number(),
  /** Runs whose cost the log tells; chunks of older versions don't say. */
  priced: z.number().default(1),
  /** Runs of statements that weren't understood, and the first of these, masked. */
  notUnderstood: z.number(),
  examples: z.array(z.string()),
  /** The same of statements of which a part wasn't understood. */
  partly: z.number().default(0),
  partlyExamples: z.array(z.string()).default([]),
  /** Names that fit several tables of the catalog; chunks of older versions don't say. */
  several: unknownTally.optional(),
  /** Databases of tables that the catalog doesn't know: by the texts, else by where they ran. */
  databases: z.array(z.string()).default([]),
});
export type ChunkTally = z.infer<typeof chunkTally>;
