import type { JournalLine } from '../contract/journal.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { mergedLine, parsedLine, unpublishedEdge, viewLine } from './staged-line.js';

export interface LineageJournalInput {
  readonly store: StagingStore;
  readonly views: SliceAddress;
  /** What the views' SQL said. */
  readonly parsedViews: SliceAddress;
  readonly merged: SliceAddress;
  readonly published: readonly SliceAddress[];
}

/**
 * The views that a run read, those that it only partly understood, and its edges with the statement that gave each;
 * includes runs that ended early.
 */
export async function* lineageJournal(input: LineageJournalInput): AsyncGenerator<JournalLine> {
  const { store, views, parsedViews, merged, published } = input;
  for (const entry of await store.manifest(views))
    for (const value of await store.read(entry)) yield { fqn: viewLine.parse(value).fqn, outcome: 'read' };
  for (const entry of await store.manifest(parsedViews)) {
    for (const value of await store.read(entry)) {
      const line = parsedLine.parse(value);
      if (line.kind === 'doubt') yield { fqn: line.fqn, outcome: 'incomplete', reason: line.reason };
    }
  }
  const refused = new Map<string, { readonly reason?: string }>();
  let isPublished = false;
  for (const slice of published) {
    for (const entry of await store.manifest(slice)) {
      isPublished ||= entry.last;
      for (const value of await store.read(entry)) {
        const { from, to, ...why } = unpublishedEdge.parse(value);
        refused.set(`${from}\n${to}`, why);
      }
    }
  }
  for (const entry of await store.manifest(merged)) {
    for (const value of await store.read(entry)) {
      const line = mergedLine.parse(value);
      if (line.kind !== 'edge') continue;
      const { from, to, sql } = line;
      const refusal = refused.get(`${from}\n${to}`);
      const outcome = refusal !== undefined ? 'refused' : isPublished ? 'written' : 'read';
      yield { fqn: to, from, outcome, ...refusal, ...(sql === undefined ? {} : { sql }) };
    }
  }
}
