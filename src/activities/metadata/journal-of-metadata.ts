import { STAGES } from '../../contract/stage-names.js';
import { DELETIONS, metadataJournal } from '../../metadata/index.js';
import type { MetadataRecipe } from '../../recipe/index.js';
import { serviceJournal, sliceOf, type EndedRun, type RunJournal } from '../run/kind-work.js';

/** What became of each entity of a metadata run. */
export async function* journalOfMetadata(ended: EndedRun<MetadataRecipe>): AsyncGenerator<RunJournal> {
  const { store, run, recipe } = ended;
  const units = [...(await store.slices(run, STAGES.extract))].sort();
  const lines = metadataJournal({
    store,
    service: recipe.source.serviceName,
    scopes: sliceOf(ended, STAGES.scopes),
    units: units.map((unit) => ({
      extracted: sliceOf(ended, STAGES.extract, unit),
      published: sliceOf(ended, STAGES.publish, unit),
    })),
    foreignKeys: sliceOf(ended, STAGES.foreignKeys),
    deleted: DELETIONS.map((name) => sliceOf(ended, STAGES.deleted, name)),
  });
  yield { address: serviceJournal(recipe), lines };
}
