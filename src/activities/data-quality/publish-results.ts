import { STAGES } from '../../contract/stage-names.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { publishResults } from '../../data-quality/index.js';
import { NO_PART } from '../../report/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { orSlowDown } from '../run/slow-down.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openQualityStage } from './open-quality-stage.js';

/** Results in one unit when the recipe's sink doesn't say. */
const LANES = 2;

/** Publishes the results of one unit. */
export function publishResultsActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openQualityStage(shared, input, context);
      const unit = String(input.unit);
      const to = stage.slice(STAGES.publishedResults, unit);
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await publishResults({
          ...stageRun(shared.store, context),
          client: stage.client,
          from: stage.slice(STAGES.testResults, unit),
          to,
          lanes: stage.recipe.sink?.config?.async_pipeline_workers ?? LANES,
          signal: context.signal,
        });
        return stageResult(shared.store, [to]);
      });
    });
}
