import type { ManifestEntry } from './chunk.js';
import type { StagingStore } from './staging-store.js';

/** What both stage frames need from the attempt that runs them. */
export interface StageRun {
  readonly store: StagingStore;
  /** Takes what was counted since the last commit and starts over: it is put into the manifest with the chunk. */
  readonly takeFacts: () => unknown;
  /** Called for each entry that is now in the manifest. */
  readonly onCommit: (entry: ManifestEntry) => void;
}
