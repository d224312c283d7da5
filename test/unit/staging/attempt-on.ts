import { PartRecorder } from '../../../src/report/index.js';
import type { ManifestEntry, StageRun, StagingStore } from '../../../src/staging/index.js';

/** An attempt of a stage on that store, with a recorder of its own. */
export function attemptOn(
  store: StagingStore,
  onCommit: (entry: ManifestEntry) => void = () => undefined
): StageRun & { readonly recorder: PartRecorder } {
  const recorder = new PartRecorder();
  return { store, recorder, takeFacts: () => recorder.take(), onCommit };
}
