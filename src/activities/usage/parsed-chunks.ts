import { STAGES } from '../../contract/stage-names.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../../staging/index.js';

/** Slices of the parsed statements of all windows, in the order of the windows. */
export async function parsedSlices(store: StagingStore, run: string): Promise<SliceAddress[]> {
  const stage = STAGES.parsed;
  const names = [...(await store.slices(run, stage))].sort((left, right) => Number(left) - Number(right));
  return names.map((slice) => ({ run, stage, slice }));
}

export async function parsedChunks(store: StagingStore, run: string): Promise<ManifestEntry[]> {
  const chunks: ManifestEntry[] = [];
  for (const slice of await parsedSlices(store, run)) chunks.push(...(await store.manifest(slice)));
  return chunks;
}
