import { edgeFilter, mergeEdges } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { resultOf } from '../metadata/open-stage.js';
import type { StageInput, UnitsResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** Unites the edges of all slices of the run; each chunk of them is a unit of publishing. */
export function mergeLineageActivity(shared: Shared): (input: StageInput) => Promise<UnitsResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openLineageStage(shared, input, context);
      const names = [...(await store.slices(input.identity.pipelineRunId, STAGES.parsed))].sort();
      const merged = await mergeEdges({
        ...stageRun(store, context),
        slices: names.map((name) => stage.slice(STAGES.parsed, name)),
        to: stage.slice(STAGES.merged, ONE),
        keepUnknown: stage.config.enableTempTableLineage,
        isSelected: edgeFilter(stage.config),
        onProgress: context.progress,
      });
      return { ...resultOf(merged), units: merged.filter(({ chunk }) => chunk !== undefined).length };
    });
}
