import type { JournalLine } from '../contract/journal.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { mergedLine, unpublishedEdge, viewLine } from './staged-line.js';

export interface LineageJournalInput {
  readonly store: StagingStore;
  readonly views: SliceAddress;
  readonly merged: SliceAddress;
  readonly published: readonly SliceAddress[];
}

/** The views that a run read, and its edges with the text that gave each; also of a run that ended early. */
export async function* lineageJournal(input: LineageJournalInput): AsyncGenerator<JournalLine> {
  const { store, views, merged, published } = input;
  for (const entry of await store.manifest(views))
    for (const value of await store.read(entry)) yield { fqn: viewLine.parse(value).fqn, outcome: 'read' };
  const refused = new Set<string>();
  let isPublished = false;
  for (const slice of published) {
    for (const entry of await store.manifest(slice)) {
      isPublished ||= entry.last;
      for (const value of await store.read(entry)) {
        const { from, to } = unpublishedEdge.parse(value);
        refused.add(`${from}\n${to}`);
      }
    }
  }
  for (const entry of await store.manifest(merged)) {
    for (const value of await store.read(entry)) {
      const line = mergedLine.parse(value);
      if (line.kind !== 'edge') continue;
      const { from, to, sql } = line;
      const written = isPublished ? 'written' : 'read';
      const outcome = refused.has(`${from}\n${to}`) ? 'refused' : written;
      yield { fqn: to, from, outcome, ...(sql === undefined ? {} : { sql }) };
    }
  }
}
