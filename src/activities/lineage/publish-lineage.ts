import { markViewsProcessed, publishEdges, removeViewEdges } from '../../lineage/index.js';
import { TransientError } from '../../errors/index.js';
import { NO_PART } from '../../report/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { PublishResult, StageInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

export interface PublishLineageInput extends StageInput {
  /** Edges sent at once. */
  readonly lanes: number;
}

/** Publishes the run's edges and texts, then marks the views they came from as processed. */
export function publishLineageActivity(shared: Shared): (input: PublishLineageInput) => Promise<PublishResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openLineageStage(shared, input, context);
      const { client, config } = stage;
      const [removed, published, processed] = [
        stage.slice(STAGES.removedViewEdges, ONE),
        stage.slice(STAGES.publishedEdges, ONE),
        stage.slice(STAGES.processedViews, ONE),
      ];
      const sink = { ...stageRun(store, context), client, lanes: input.lanes, signal: context.signal };
      try {
        if (config.overrideViewLineage)
          await removeViewEdges({ ...sink, views: stage.slice(STAGES.views, ONE), to: removed });
        await publishEdges({
          ...sink,
          from: stage.slice(STAGES.merged, ONE),
          to: published,
          service: input.plan.service,
          dialect: stage.dialect,
        });
        const parsed = stage.slice(STAGES.parsed, 'views');
        await markViewsProcessed({ ...sink, parsed, published: [published], to: processed });
      } catch (error) {
        // Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
        if (!(error instanceof TransientError) || !error.throttled) throw error;
        return { part: NO_PART, deferred: 0, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
      }
      return { ...(await stageResult(store, [removed, published, processed])), deferred: 0 };
    });
}
