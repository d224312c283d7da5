import { addForeignKeys } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { NO_PART } from '../../report/index.js';
import { orSlowDown } from '../run/slow-down.js';

export function addForeignKeysActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.foreignKeys, ONE);
      const units = [...(await store.slices(input.identity.pipelineRunId, STAGES.publish))].sort();
      const from = units.map((unit) => stage.slice(STAGES.publish, unit));
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await addForeignKeys({ ...stageRun(store, context), catalog: stage.bulk.catalog, from, to });
        return stageResult(store, [to]);
      });
    });
}
