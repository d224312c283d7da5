import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { FolderStore, type SliceAddress, type StagedLines, type StagingStore } from '../../../src/staging/index.js';
import { LineBuffer } from '../../../src/staging/line-buffer.js';

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

/** Texts as the lines of a chunk. */
export function linesOf(...texts: readonly string[]): StagedLines {
  const lines = new LineBuffer();
  for (const text of texts) lines.add(text);
  return lines.take();
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
