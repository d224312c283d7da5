import { readWindow, type WindowPosition } from '../../lineage/index.js';
import { PermanentError } from '../../errors/index.js';
import type { PartReport } from '../../report/index.js';
import { SliceWriter } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';
import { stagedWindows } from './plan-windows.js';

/** Reads one window of the query log into its slice. */
export function readLogActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { recorder, progress } = context;
      const stage = await openLineageStage(shared, input, context);
      const address = stage.slice(STAGES.queries, String(input.unit));
      const writer = await SliceWriter.open<WindowPosition, PartReport>(
        shared.store,
        address,
        () => recorder.take(),
        progress
      );
      if (!writer.complete) {
        const window = (await stagedWindows(shared, input))[input.unit];
        if (window === undefined) throw new PermanentError(`The run has no window ${input.unit} of the query log.`);
        await stage.withQueryLog((source) =>
          readWindow({ source, window, options: stage.logOptions, writer, recorder })
        );
      }
      return stageResult(shared.store, [address]);
    });
}
