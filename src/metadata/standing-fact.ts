import { z } from 'zod';

const counts = {
  /** How many there were at the end of the last run without doubts. */
  stood: z.number().int().nonnegative(),
  /** How many of these have been marked deleted since. */
  marked: z.number().int().nonnegative(),
  /** Rights by scope, both as digests. */
  rights: z.record(z.string(), z.string()).default({}),
};

/** What the next run compares itself with. */
export const standing = z.object({
  ...counts,
  /** Of which database, as a digest; absent when there were several. */
  label: z.string().optional(),
  /** The same of databases that earlier runs listed alone. */
  others: z.array(z.object({ ...counts, label: z.string() })).optional(),
  /** Of one that a run says while it is under way: how many of `marked` are its own at most, and the run's id. */
  own: z.number().int().nonnegative().optional(),
  run: z.string().optional(),
});
export type Standing = z.infer<typeof standing>;
