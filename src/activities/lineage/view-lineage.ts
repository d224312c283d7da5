import { markViewsProcessed, removeViewEdges } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';
import { orSlowDown } from '../run/slow-down.js';
import { NO_PART } from '../../report/index.js';

export interface ViewLineageInput extends StageInput {
  /** Views at once. */
  readonly lanes: number;
}

/**
 * Removes the lineage that the run's views got from their SQL, before the first new edge is sent; for
 * overrideViewLineage.
 */
export function removeViewLineageActivity(shared: Shared): (input: ViewLineageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openLineageStage(shared, input, context);
      const to = stage.slice(STAGES.removedViewEdges, ONE);
      const sink = { ...stageRun(shared.store, context), client: stage.client, signal: context.signal };
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await removeViewEdges({ ...sink, lanes: input.lanes, views: stage.slice(STAGES.views, ONE), to });
        return stageResult(shared.store, [to]);
      });
    });
}

/** Marks the views as processed whose edges have all reached the catalog; called after the last edge. */
export function markViewsProcessedActivity(shared: Shared): (input: ViewLineageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openLineageStage(shared, input, context);
      const to = stage.slice(STAGES.processedViews, ONE);
      const sink = { ...stageRun(store, context), client: stage.client, signal: context.signal };
      const units = await store.slices(input.identity.pipelineRunId, STAGES.publishedEdges);
      const published = units.map((unit) => stage.slice(STAGES.publishedEdges, unit));
      const parsed = stage.slice(STAGES.parsed, 'views');
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await markViewsProcessed({ ...sink, lanes: input.lanes, parsed, published, to });
        return stageResult(store, [to]);
      });
    });
}
