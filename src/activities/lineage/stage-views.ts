import { stageViews } from '../../lineage/index.js';
import type { Shared } from '../run/activity-deps.js';
import { resultOf } from '../metadata/open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

/** Stages the views whose lineage is wanted. */
export function stageViewsActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openLineageStage(shared, input, context);
      const { client, config } = stage;
      const { service } = input.plan;
      const { signal } = context;
      const to = stage.slice(STAGES.views, ONE);
      return resultOf(await stageViews({ ...stageRun(shared.store, context), client, service, config, to, signal }));
    });
}
