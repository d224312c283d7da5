import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FolderStore, type SliceAddress, type StagingStore } from '../../../src/staging/index.js';

export interface TemporaryStore {
  readonly store: StagingStore;
  readonly root: string;
  remove(): Promise<void>;
}

/** A real folder store in a folder of its own. */
export async function temporaryStore(): Promise<TemporaryStore> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'om-store-'));
  return {
    store: await FolderStore.open(root),
    root,
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Every record of a slice, chunk by chunk. */
export async function recordsOf(store: StagingStore, address: SliceAddress): Promise<unknown[][]> {
  const chunks: unknown[][] = [];
  for (const entry of await store.manifest(address)) {
    const records: unknown[] = [];
    for (const record of await store.read(entry)) records.push(record);
    chunks.push(records);
  }
  return chunks;
}
