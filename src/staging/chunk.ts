/** References to staged chunks: what travels between activities instead of data. */

/** A whole, immutable chunk: gzip-compressed NDJSON of bounded size. */
export interface ChunkRef {
  /** Address inside the store, relative to its root, e.g. `<run>/extract/0/000002.ndjson.gz`. */
  readonly uri: string;
  /** Records (lines). */
  readonly count: number;
  /** Compressed bytes. */
  readonly bytes: number;
  /** Of the compressed bytes, hex. */
  readonly sha256: string;
}

/** A chunk's records, before they are written or after they are read back: NDJSON, each line with its newline. */
export interface StagedLines {
  readonly bytes: Buffer;
  /** Lines. */
  readonly count: number;
}

/**
 * One line of a slice's manifest: chunk `n` is complete, and everything up to `position` is done. `facts` are what the
 * stage counted while it wrote the chunk, so that a retry neither loses nor doubles them.
 */
export interface ManifestEntry {
  readonly n: number;
  /** Absent for an entry that only carries facts (a slice without records, a published chunk). */
  readonly chunk?: ChunkRef;
  /** The stage's own cursor; plain JSON, parsed by the stage that reads it. */
  readonly position?: unknown;
  readonly facts?: unknown;
  /** True on the entry that completes the slice. */
  readonly last: boolean;
}

/** How many records the entries hold. */
export function linesIn(entries: readonly ManifestEntry[]): number {
  return entries.reduce((sum, { chunk }) => sum + (chunk?.count ?? 0), 0);
}

/** A slice's place in the store. All three are path-safe: letters, digits, `-`, `_`. */
export interface SliceAddress {
  /** The run's staging prefix: its pipelineRunId. */
  readonly run: string;
  readonly stage: string;
  readonly slice: string;
}

/** Largest chunk before compression, in bytes: what a crash may cost, and what a reader holds in memory. */
export const CHUNK_BYTES = 512 * 1024;
