import type { JournalLine } from '../../contract/journal.js';
import { STAGES } from '../../contract/stage-names.js';
import {
  qualityJournal,
  suiteJournalAddress,
  tableJournalAddress,
  unitsByTable,
  type QualityUnit,
} from '../../data-quality/index.js';
import type { SliceAddress, StagingStore, StateAddress } from '../../staging/index.js';
import type { TestSuiteRecipe } from './open-quality-stage.js';

export interface QualityJournal {
  readonly address: StateAddress;
  readonly lines: AsyncIterable<JournalLine>;
}

/**
 * The journals of a data quality run: that of each table stands with the table, so that a test is found by its name; that of a logical suite, whose
 * tests are of any tables, besides as a whole under the suite's name.
 * @param run pipelineRunId
 */
export async function* qualityJournals(
  store: StagingStore,
  run: string,
  { source }: TestSuiteRecipe
): AsyncGenerator<QualityJournal> {
  const slice = (stage: string, name: string): SliceAddress => ({ run, stage, slice: name });
  const names = [...(await store.slices(run, STAGES.testResults))].filter((name) => /^\d+$/.test(name));
  const units = names
    .sort((one, other) => Number(one) - Number(other))
    .map((name): QualityUnit => ({
      results: slice(STAGES.testResults, name),
      published: slice(STAGES.publishedResults, name),
    }));
  const address = suiteJournalAddress(source);
  yield { address, lines: qualityJournal({ store, units }) };
  for (const [table, own] of await unitsByTable({ store, units })) {
    const ofTable = tableJournalAddress(table);
    if (ofTable.name !== address.name) yield { address: ofTable, lines: qualityJournal({ store, units: own }) };
  }
}
