import { extractUnit, unitSchemas, type ExtractPosition } from '../../metadata/index.js';
import type { PartReport } from '../../report/index.js';
import { SliceWriter } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';

export function extractUnitActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress } = context;
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const address = stage.slice(STAGES.extract, String(input.unit));
      const writer = await SliceWriter.open<ExtractPosition, PartReport>(
        store,
        address,
        () => recorder.take(),
        progress
      );
      if (!writer.complete) {
        const schemas = await unitSchemas(store, stage.slice(STAGES.scopes, ONE), input.unit);
        const { service } = input.plan;
        const { selection, options } = stage;
        await stage.withSource((source) =>
          extractUnit({ service, schemas, source, selection, options, writer, recorder })
        );
      }
      return stageResult(store, [address]);
    });
}
