import {
  RestCatalog,
  STANDING,
  decidedDeletions,
  labelOf,
  listedDatabases,
  nextStanding,
  standing,
  standingAfterEarlyEnd,
} from '../../metadata/index.js';
import type { PartReport } from '../../contract/part-report.js';
import { STAGES } from '../../contract/stage-names.js';
import { earlierFact, stageFact, type StagedRecipe } from '../../run-context/index.js';
import type { StagingStore } from '../../staging/index.js';
import type { EarlyEnd } from '../run/kind-work.js';
import { stagedRights } from './list-scopes.js';

/** Leaves to the pipeline's next run what it compares itself with before it marks anything deleted. */
export async function leaveStanding(
  store: StagingStore,
  run: string,
  { recipe, changedSince }: StagedRecipe,
  part: PartReport
): Promise<void> {
  if (recipe.kind !== 'metadata' || recipe.ingestionPipelineFQN === undefined) return;
  const next = nextStanding(await earlierFact(store, run, STANDING, standing), {
    service: recipe.source.serviceName,
    label: await labelOfRun(store, run, recipe.source.serviceName),
    part,
    rights: await stagedRights(store, run),
    deletions: await decidedDeletions(store, run, STAGES.deleted),
    whole: changedSince === undefined,
  });
  await stageFact(store, run, STANDING, next);
}

/**
 * The same of a run that was cancelled, failed or killed: what it marked until then, so that the next one's share is
 * none the larger. What it was just marking is asked of OpenMetadata.
 */
export async function leaveMarked({ store, recipe, run, client, recorder, signal }: EarlyEnd): Promise<void> {
  if (recipe.ingestionPipelineFQN === undefined) return;
  try {
    const catalog = new RestCatalog({ client, overrideMetadata: false, signal });
    const deletions = await decidedDeletions(store, run, STAGES.deleted, catalog);
    if (deletions === undefined || deletions.stood === 0) return;
    const earlier = await earlierFact(store, run, STANDING, standing);
    const label = await labelOfRun(store, run, recipe.source.serviceName);
    await stageFact(store, run, STANDING, standingAfterEarlyEnd(earlier, label, deletions));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    recorder.note(`How much this run marked deleted is not remembered, and more may go in the next one: ${reason}`);
  }
}

async function labelOfRun(store: StagingStore, run: string, service: string): Promise<string | undefined> {
  return labelOf(await listedDatabases({ store, run, stages: STAGES, service }));
}
