import { z } from 'zod';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { dayJoins } from './sent-joins.js';

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
  /** What the catalog has of its joins now, as far as that is known. */
  joins: z.exactOptional(dayJoins),
  /** Pairs of which nothing tells whether the catalog has less than the log shows. */
  unclearJoins: z.exactOptional(z.number()),
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
  /** Id of the stored statement. */
  query: z.exactOptional(z.string()),
  /** Id of the record, where this run made it and the catalog told. */
  record: z.exactOptional(z.string()),
});
export type PublishedCost = z.infer<typeof publishedCost>;

export type PublishedLine = PublishedQuery | PublishedDay | PublishedCost;

/**
 * What the catalog lacks of a batch just before anything of it is sent: when it is repeated, what is there then was
 * sent by the attempt that was cut off.
 */
const begunBatch = z.object({
  kind: z.literal('begun'),
  /** Checksums of statements that are stored, or stored anew. */
  queries: z.array(z.string()).default([]),
  /** Tables whose life cycle is moved on. */
  tables: z.array(z.string()),
  /** Tables and days that get a count, and the one that the catalog had (0: none), which older versions don't tell. */
  days: z.array(z.tuple([z.string(), z.number(), z.number().optional()])),
  /**
   * Costs that aren't known to be there, and are sent: day, checksum, and the cost that the catalog has if the run ends
   * in this batch and the record is there.
   */
  costs: z.array(z.tuple([z.number(), z.string(), z.number()])),
});
export type BegunBatch = z.infer<typeof begunBatch>;

const stagedLine = z.discriminatedUnion('kind', [publishedQuery, publishedDay, publishedCost, begunBatch]);

/** After `lines` lines of that chunk of what was added up; `begun` when the batch behind them is. */
export const publishPosition = z.object({
  chunk: z.number().int(),
  lines: z.number().int(),
  begun: z.exactOptional(z.literal(true)),
});

/**
 * In the order they were published in: statements that were not stored, days, the oldest first, then costs by day and
 * checksum.
 */
export async function* publishedLines(store: StagingStore, from: SliceAddress): AsyncGenerator<PublishedLine> {
  for (const entry of await store.manifest(from))
    for (const value of await store.read(entry)) {
      const line = stagedLine.parse(value);
      if (line.kind !== 'begun') yield line;
    }
}

/** The batch that the entry says was begun; undefined for an entry of what was published. */
export async function begunIn(store: StagingStore, entry: ManifestEntry | undefined): Promise<BegunBatch | undefined> {
  if (entry === undefined || publishPosition.parse(entry.position).begun !== true) return undefined;
  for (const line of await store.read(entry)) return begunBatch.parse(line);
  return undefined;
}
