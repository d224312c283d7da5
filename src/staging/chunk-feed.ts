import type { ManifestEntry, SliceAddress } from './chunk.js';
import type { Patience, StagingStore } from './staging-store.js';

/** A chunk of a feed, or some of its lines. */
export interface FedLines {
  readonly entry: ManifestEntry;
  /** From line `start` up to, not including, `end`; absent: all. */
  readonly lines?: { readonly start: number; readonly end: number };
}

/** What a transforming stage works through, by number. The nth is the same for every attempt. */
export interface ChunkFeed {
  /** How many there are, if known; otherwise the entry that ends its slice is the last one. */
  readonly length?: number;
  /**
   * Undefined when there is none of that number, or it did not come in time. @throws the signal's reason when aborted
   */
  get(n: number, wait: boolean): Promise<FedLines | undefined>;
}

/**
 * The chunks of complete slices, one slice after another.
 * @param atOnce the most lines handed out at once; default: whole chunks
 */
export function wholeSlices(slices: readonly (readonly ManifestEntry[])[], atOnce = Infinity): ChunkFeed {
  const fed = slices.flat().flatMap((entry): FedLines[] => {
    const count = entry.chunk?.count ?? 0;
    if (count <= atOnce) return [{ entry }];
    return Array.from({ length: Math.ceil(count / atOnce) }, (_, n) => ({
      entry,
      lines: { start: n * atOnce, end: (n + 1) * atOnce },
    }));
  });
  return { length: fed.length, get: async (n) => fed[n] };
}

/**
 * The chunks of a slice that another stage may still be writing. @param patience how long to wait for each; default:
 * not at all
 */
export function growingSlice(store: StagingStore, from: SliceAddress, patience?: Patience): ChunkFeed {
  return {
    get: async (n, wait) => {
      const entry = await store.entry(from, n, wait ? patience : undefined);
      return entry === undefined ? undefined : { entry };
    },
  };
}
