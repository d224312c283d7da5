import type { ManifestEntry } from './chunk.js';
import type { StagingStore } from './staging-store.js';

/** What both stage frames need of the attempt that runs them. */
export interface StageRun {
  readonly store: StagingStore;
  /** Takes what was counted since the last commit and starts anew: it stands in the manifest with the chunk. */
  readonly takeFacts: () => unknown;
  /** Called for each entry that stands in the manifest now. */
  readonly onCommit: (entry: ManifestEntry) => void;
}
