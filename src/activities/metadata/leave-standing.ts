import { STANDING, decidedDeletions, nextStanding, standing } from '../../metadata/index.js';
import type { PartReport } from '../../contract/part-report.js';
import { STAGES } from '../../contract/stage-names.js';
import { earlierFact, stageFact, type StagedRecipe } from '../../run-context/index.js';
import type { StagingStore } from '../../staging/index.js';
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
    part,
    rights: await stagedRights(store, run),
    deletions: await decidedDeletions(store, run, STAGES.deleted),
    whole: changedSince === undefined,
  });
  await stageFact(store, run, STANDING, next);
}
