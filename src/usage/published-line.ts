import { z } from 'zod';
import type { SliceAddress, StagingStore } from '../staging/index.js';

/**
 * Lines of `published-usage` slices: what became of the parts that may be sent only once. Days are midnights in UTC,
 * milliseconds since the epoch.
 */

const publishedDay = z.object({
  kind: z.literal('day'),
  fqn: z.string(),
  day: z.number(),
  /** Uses that the log shows. */
  count: z.number(),
  /** `filtered`: a day that OpenMetadata does not keep, or that has not begun; `refused`: by the catalog. */
  outcome: z.enum(['written', 'unchanged', 'filtered', 'refused']),
  /** What the catalog had, where that was more. */
  larger: z.exactOptional(z.number()),
  reason: z.exactOptional(z.string()),
});
export type PublishedDay = z.infer<typeof publishedDay>;

const publishedCost = z.object({
  kind: z.literal('cost'),
  checksum: z.string(),
  day: z.number(),
  cost: z.number(),
  /** `waiting`: the day is not complete; `refused`: the catalog has no such query, or did not take the record. */
  outcome: z.enum(['written', 'unchanged', 'waiting', 'refused']),
});
export type PublishedCost = z.infer<typeof publishedCost>;

export const publishedLine = z.discriminatedUnion('kind', [publishedDay, publishedCost]);
export type PublishedLine = z.infer<typeof publishedLine>;

/** After `lines` lines of that chunk of what was added up. */
export const publishPosition = z.object({ chunk: z.number().int(), lines: z.number().int() });

/** In the order they were published in: days, the oldest first, then costs by day and checksum. */
export async function* publishedLines(store: StagingStore, from: SliceAddress): AsyncGenerator<PublishedLine> {
  for (const entry of await store.manifest(from))
    for (const line of await store.read(entry)) yield publishedLine.parse(line);
}
