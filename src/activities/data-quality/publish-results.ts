import { STAGES } from '../../contract/stage-names.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { publishResults } from '../../data-quality/index.js';
import { TransientError } from '../../errors/index.js';
import { NO_PART } from '../../report/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openQualityStage } from './open-quality-stage.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;
/** Results of a unit at once, when the recipe's sink says nothing. */
const LANES = 2;

/** Publishes the results of one unit. */
export function publishResultsActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openQualityStage(shared, input, context);
      const unit = String(input.unit);
      const to = stage.slice(STAGES.publishedResults, unit);
      try {
        await publishResults({
          ...stageRun(shared.store, context),
          client: stage.client,
          from: stage.slice(STAGES.testResults, unit),
          to,
          lanes: stage.recipe.sink?.config?.async_pipeline_workers ?? LANES,
          signal: context.signal,
        });
      } catch (error) {
        // Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
        if (!(error instanceof TransientError) || !error.throttled) throw error;
        return { part: NO_PART, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
      }
      return stageResult(shared.store, [to]);
    });
}
