import { STAGES } from '../../contract/stage-names.js';
import {
  qualityJournal,
  suiteJournalAddress,
  tableJournalAddress,
  unitsByTable,
  type QualityUnit,
} from '../../data-quality/index.js';
import { sliceOf, type EndedRun, type RunJournal } from '../run/kind-work.js';
import type { TestSuiteRecipe } from './open-quality-stage.js';

/**
 * The journals of a data quality run. Each table has one, in which a test is found by its name. A logical suite, whose
 * tests are of any tables, also has one under its own name.
 */
export async function* qualityJournals(ended: EndedRun<TestSuiteRecipe>): AsyncGenerator<RunJournal> {
  const { store, run, recipe } = ended;
  const names = [...(await store.slices(run, STAGES.testResults))].filter((name) => /^\d+$/.test(name));
  const units = names
    .sort((one, other) => Number(one) - Number(other))
    .map((name): QualityUnit => ({
      results: sliceOf(ended, STAGES.testResults, name),
      published: sliceOf(ended, STAGES.publishedResults, name),
    }));
  const address = suiteJournalAddress(recipe.source);
  yield { address, lines: qualityJournal({ store, units }) };
  for (const [table, own] of await unitsByTable({ store, units })) {
    const ofTable = tableJournalAddress(table);
    if (ofTable.name !== address.name) yield { address: ofTable, lines: qualityJournal({ store, units: own }) };
  }
}
