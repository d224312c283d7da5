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

const publishedQuery = z.object({
  kind: z.literal('query'),
  checksum: z.string(),
  /** The text, masked; its beginning when it is long. */
  text: z.string(),
  /** Another service, or another name, holds the text, and OpenMetadata keeps each text once. */
  outcome: z.literal('held elsewhere'),
});
export type PublishedQuery = z.infer<typeof publishedQuery>;

const publishedCost = z.object({
  kind: z.literal('cost'),
  checksum: z.string(),
  day: z.number(),
  cost: z.number(),
  /**
   * `waiting`: the day is not complete; `filtered`: a day that OpenMetadata does not keep; `no query`: the statement is
   * not stored under this service; `refused`: by the catalog.
   */
  outcome: z.enum(['written', 'unchanged', 'waiting', 'filtered', 'no query', 'refused']),
});
export type PublishedCost = z.infer<typeof publishedCost>;

export const publishedLine = z.discriminatedUnion('kind', [publishedQuery, publishedDay, publishedCost]);
export type PublishedLine = z.infer<typeof publishedLine>;

/** After `lines` lines of that chunk of what was added up. */
export const publishPosition = z.object({ chunk: z.number().int(), lines: z.number().int() });

/**
 * In the order they were published in: statements that were not stored, days, the oldest first, then costs by day and
 * checksum.
 */
export async function* publishedLines(store: StagingStore, from: SliceAddress): AsyncGenerator<PublishedLine> {
  for (const entry of await store.manifest(from))
    for (const line of await store.read(entry)) yield publishedLine.parse(line);
}
