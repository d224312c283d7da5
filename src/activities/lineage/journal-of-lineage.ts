import { STAGES } from '../../contract/stage-names.js';
import { lineageJournal } from '../../lineage/index.js';
import type { LineageRecipe } from '../../recipe/index.js';
import { serviceJournal, sliceOf, type EndedRun, type RunJournal } from '../run/kind-work.js';

/** What became of each edge of a lineage run. */
export async function* journalOfLineage(ended: EndedRun<LineageRecipe>): AsyncGenerator<RunJournal> {
  const { store, run } = ended;
  const published = await store.slices(run, STAGES.publishedEdges);
  const lines = lineageJournal({
    store,
    views: sliceOf(ended, STAGES.views),
    parsedViews: sliceOf(ended, STAGES.parsed, 'views'),
    merged: sliceOf(ended, STAGES.merged),
    published: published.map((name) => sliceOf(ended, STAGES.publishedEdges, name)),
  });
  yield { address: serviceJournal(ended.recipe), lines };
}
