import type { JournalLine } from '../contract/journal.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { publishedResult, resultLine } from './staged-lines.js';

export interface QualityJournalInput {
  readonly store: StagingStore;
  readonly units: readonly { readonly results: SliceAddress; readonly published: SliceAddress }[];
}

/** The results of a run, test by test, with the SQL that told each; also of a run that ended early, and of those that the catalog refused. */
export async function* qualityJournal({ store, units }: QualityJournalInput): AsyncGenerator<JournalLine> {
  for (const { results, published } of units) {
    const sent = new Map<string, string | undefined>();
    for await (const value of values(store, published)) {
      const { caseFqn, refused } = publishedResult.parse(value);
      sent.set(caseFqn, refused);
    }
    for await (const value of values(store, results)) {
      const { caseFqn: fqn, result, test, sql } = resultLine.parse(value);
      const { testCaseStatus: status, result: text } = result;
      const refused = sent.get(fqn);
      yield {
        fqn,
        outcome: !sent.has(fqn) ? 'read' : refused === undefined ? 'written' : 'refused',
        reason: [`${status}: ${text}`, ...(refused === undefined ? [] : [refused])].join(' '),
        ...(sql === undefined ? {} : { sql }),
        ...(test === undefined ? {} : { test: { ...test, status, text } }),
      };
    }
  }
}

async function* values(store: StagingStore, slice: SliceAddress): AsyncGenerator<unknown> {
  for (const entry of await store.manifest(slice)) yield* await store.read(entry);
}
