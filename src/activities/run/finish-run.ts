import { NO_PART, mergeParts, type PartReport, type RunReport } from '../../report/index.js';
import type { StagingStore } from '../../staging/index.js';
import type { Shared } from './activity-deps.js';
import { endReport } from './end-report.js';
import { factsForStatus, stagedRecipeOf } from '../../run-context/index.js';
import { workOf } from '../work-of.js';
import { partOf } from '../metadata/open-stage.js';
import type { FinishInput } from '../../contract/run-plan.js';
import { reportEnd } from './run-status.js';
import { writeJournal } from './write-journal.js';
import { inStage } from './stage-context.js';
import { STAGES } from '../../contract/stage-names.js';

/**
 * Makes the report from what is staged and tells OpenMetadata that the run has ended. What is staged stays, so that a
 * retry finds it.
 */
export function finishRunActivity(shared: Shared): (input: FinishInput) => Promise<RunReport> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, signal } = context;
      const { store, connections } = shared;
      const { identity } = input;
      const staged = await stagedRecipeOf(store, identity.pipelineRunId);
      const { recipe } = staged;
      const part = await stagedPart(store, identity.pipelineRunId);
      const report = endReport(input, recipe, part);
      const work = workOf(recipe.kind);
      const client = await connections.client(staged);
      const { pipelineRunId: run, startedAt } = identity;
      if (input.error === undefined) await work.leave?.(store, run, staged, part);
      else await work.leaveEarly?.({ store, recipe, run, startedAt, client, recorder, signal });
      const facts = await factsForStatus(store, identity.pipelineRunId);
      await reportEnd({ client, recipe, identity, recorder, signal }, report, facts);
      await writeJournal(store, recipe, identity, context);
      return report;
    });
}

/** Everything the run's stages counted, from their manifests, in the order of the stages. */
async function stagedPart(store: StagingStore, run: string): Promise<PartReport> {
  const parts = await Promise.all(Object.values(STAGES).map((stage) => stagePart(store, run, stage)));
  return parts.reduce(mergeParts, NO_PART);
}

async function stagePart(store: StagingStore, run: string, stage: string): Promise<PartReport> {
  let part: PartReport = NO_PART;
  for (const slice of await store.slices(run, stage))
    part = mergeParts(part, partOf(await store.manifest({ run, stage, slice })));
  return part;
}
