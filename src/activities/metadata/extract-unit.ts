import { extractUnit, unitSchemas } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

export function extractUnitActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.extract, String(input.unit));
      const schemas = await unitSchemas(store, stage.slice(STAGES.scopes, ONE), input.unit);
      const { service } = input.plan;
      const { selection, options } = stage;
      return stage.withSource(async (source) =>
        resultOf(await extractUnit({ ...stageRun(store, context), service, schemas, source, selection, options, to }))
      );
    });
}
