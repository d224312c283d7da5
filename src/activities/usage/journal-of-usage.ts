import { STAGES } from '../../contract/stage-names.js';
import type { RecipeOf } from '../../recipe/index.js';
import { usageJournal } from '../../usage/index.js';
import { serviceJournal, sliceOf, type EndedRun, type RunJournal } from '../run/kind-work.js';
import { parsedSlices } from './parsed-chunks.js';

/** What became of each table and day of a usage run, and the statements that made its counts. */
export async function* journalOfUsage(ended: EndedRun<RecipeOf<'usage'>>): AsyncGenerator<RunJournal> {
  const lines = usageJournal({
    store: ended.store,
    parsed: await parsedSlices(ended.store, ended.run),
    usage: sliceOf(ended, STAGES.usage),
    published: sliceOf(ended, STAGES.publishedUsage),
  });
  yield { address: serviceJournal(ended.recipe), lines };
}
