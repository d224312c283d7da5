import { edgeFilter, mergeEdges, type MergePosition } from '../../lineage/index.js';
import type { PartReport } from '../../report/index.js';
import { SliceWriter } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** Unites the edges of all slices of the run. */
export function mergeLineageActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder, progress } = context;
      const stage = await openLineageStage(shared, input, context);
      const address = stage.slice(STAGES.merged, ONE);
      const writer = await SliceWriter.open<MergePosition, PartReport>(store, address, () => recorder.take(), progress);
      const names = [...(await store.slices(input.identity.pipelineRunId, STAGES.parsed))].sort();
      const slices = names.map((name) => stage.slice(STAGES.parsed, name));
      await mergeEdges({
        store,
        slices,
        keepUnknown: stage.config.enableTempTableLineage,
        isSelected: edgeFilter(stage.config),
        writer,
        recorder,
        onProgress: progress,
      });
      return stageResult(store, [address]);
    });
}
