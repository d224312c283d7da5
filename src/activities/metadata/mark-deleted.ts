import { DELETIONS, STANDING, deleteStage, standing } from '../../metadata/index.js';
import { earlierFact } from '../../run-context/index.js';
import type { Shared } from '../run/activity-deps.js';
import { deletionMemory } from './deletion-memory.js';
import { stagedVisibility } from './list-scopes.js';
import { openStage, stageResult } from './open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { STAGES } from '../../contract/stage-names.js';

export function markDeletedActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const visibility = await stagedVisibility(shared, input);
      const earlier = await earlierFact(store, input.identity.pipelineRunId, STANDING, standing);
      await stage.withSource((source) =>
        deleteStage({
          service: input.plan.service,
          catalog: stage.bulk.catalog,
          run: input.identity.pipelineRunId,
          stages: STAGES,
          flags: stage.deleteFlags,
          maxDeletedPercent: stage.maxDeletedPercent,
          source,
          visibility,
          earlier,
          remembers: input.plan.ingestionPipelineFQN !== undefined,
          memory: deletionMemory(store, input, stage.client, context),
          ...stageRun(store, context),
          startedAt: input.identity.startedAt,
        })
      );
      return stageResult(
        store,
        DELETIONS.map((slice) => stage.slice(STAGES.deleted, slice))
      );
    });
}
