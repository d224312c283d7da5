import { addForeignKeys } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

export function addForeignKeysActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder, progress } = context;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.foreignKeys, ONE);
      if ((await store.manifest(to)).length === 0) {
        const run = input.identity.pipelineRunId;
        const { catalog } = stage.bulk;
        await addForeignKeys({ catalog, store, run, stage: STAGES.publish, recorder, onProgress: progress });
        await store.commit(to, { n: 0, facts: recorder.take(), last: true });
      }
      return stageResult(store, [to]);
    });
}
