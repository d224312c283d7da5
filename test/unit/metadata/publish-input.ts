import type { DeleteFlags } from '../../../src/metadata/index.js';
import type { PublishScopesInput } from '../../../src/metadata/publish-scopes.js';
import { NO_PART, PartRecorder, mergeParts, type PartReport } from '../../../src/report/index.js';
import type { SliceAddress, StagingStore } from '../../../src/staging/index.js';
import type { FakeCatalog } from './fake-catalog.js';

/** Everything that is gone may be marked deleted. */
export const ALL_FLAGS: DeleteFlags = {
  markDeletedTables: true,
  markDeletedStoredProcedures: true,
  markDeletedSchemas: true,
  markDeletedDatabases: true,
};

export interface PublishPlaces {
  readonly store: StagingStore;
  readonly catalog: FakeCatalog;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
}

/**
 * What the stages that publish are given, with a recorder of its own: of the service `shop`, in batches of 100, one at
 * a time.
 */
export function publishInput(places: PublishPlaces): PublishScopesInput {
  const recorder = new PartRecorder();
  return {
    ...places,
    service: 'shop',
    recorder,
    batchSize: 100,
    workers: 1,
    overrideMetadata: false,
    deleteFlags: ALL_FLAGS,
    takeFacts: (): PartReport => recorder.take(),
    onCommit: (): void => undefined,
  };
}

/** What all entries of a slice counted. */
export async function countedIn(store: StagingStore, slice: SliceAddress): Promise<PartReport> {
  return (await store.manifest(slice)).reduce((part, { facts }) => mergeParts(part, facts as PartReport), NO_PART);
}
