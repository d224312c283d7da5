import {
  NO_PART,
  countsOf,
  errorsOf,
  mergeParts,
  type PartReport,
  type PartRecorder,
} from '../../../src/report/index.js';
import type { ManifestEntry, SliceAddress, StageRun, StagingStore } from '../../../src/staging/index.js';
import { attemptOn } from '../staging/attempt-on.js';

/** An attempt, as a room's stage takes it. */
export type Attempt = StageRun & { readonly recorder: PartRecorder };

/** A stage with what it works on: a source, a catalog, staged chunks of the stages before it. */
export interface StageCase {
  /** One slice, or several that are written one after the other. */
  readonly to: SliceAddress | readonly SliceAddress[];
  /** Enough that at least three entries come out. */
  readonly attempt: (run: Attempt) => Promise<unknown>;
  /**
   * Takes the record that was staged last out of the source; absent where staged chunks, which never change, are all
   * that is read.
   */
  readonly vanish?: (lastLine: string) => void;
  readonly close?: () => Promise<void>;
}

export type MakeCase = (store: StagingStore, run: string) => Promise<StageCase>;

class Killed extends Error {}

/** Runs one attempt; killed once `entries` entries stand in the manifest. */
export async function attempt(store: StagingStore, { attempt: run }: StageCase, entries = Infinity): Promise<void> {
  let committed = 0;
  const killed = attemptOn(store, () => {
    committed += 1;
    if (committed >= entries) throw new Killed();
  });
  try {
    await run(killed);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

/** What must be the same however often a stage was killed: its chunks, its end, and what it counted. */
export async function outcomeOf(store: StagingStore, to: StageCase['to']): Promise<unknown> {
  const manifest = await entriesOf(store, to);
  const part = manifest.reduce((sum, { facts }) => mergeParts(sum, (facts ?? NO_PART) as PartReport), NO_PART);
  const { source, sink } = { source: countsOf(part, 'source'), sink: countsOf(part, 'sink') };
  return {
    chunks: manifest.map(({ chunk, last }) => ({ sha256: chunk?.sha256, records: chunk?.count, last })),
    source: {
      records: source.records,
      filtered: source.filtered,
      unchanged: source.unchanged,
      warnings: source.warnings,
    },
    // What an attempt had sent when it was killed is sent again, and may count as unchanged then.
    sink: { passed: sink.records + sink.updated + sink.unchanged, deleted: sink.deleted, warnings: sink.warnings },
    errors: errorsOf(part),
  };
}

export async function entriesOf(store: StagingStore, to: StageCase['to']): Promise<readonly ManifestEntry[]> {
  const slices = 'run' in to ? [to] : to;
  return (await Promise.all(slices.map((slice) => store.manifest(slice)))).flat();
}

/** The last line that is staged. */
export async function lastLine(store: StagingStore, to: StageCase['to']): Promise<string> {
  let line = '';
  for (const entry of await entriesOf(store, to)) for (const bytes of await store.lines(entry)) line = bytes.toString();
  return line;
}
