import { edgeFilter, mergeEdges } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { resultOf } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** Unites the edges of all slices of the run. */
export function mergeLineageActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openLineageStage(shared, input, context);
      const names = [...(await store.slices(input.identity.pipelineRunId, STAGES.parsed))].sort();
      return resultOf(
        await mergeEdges({
          ...stageRun(store, context),
          slices: names.map((name) => stage.slice(STAGES.parsed, name)),
          to: stage.slice(STAGES.merged, ONE),
          keepUnknown: stage.config.enableTempTableLineage,
          isSelected: edgeFilter(stage.config),
          onProgress: context.progress,
        })
      );
    });
}
