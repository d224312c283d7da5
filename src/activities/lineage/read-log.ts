import { readWindow } from '../../query-log/index.js';
import { PermanentError } from '../../errors/index.js';
import type { Shared } from '../run/activity-deps.js';
import { resultOf } from '../metadata/open-stage.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';
import { stagedWindows } from './plan-windows.js';

/** Reads one window of the query log into its slice. */
export function readLogActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openLineageStage(shared, input, context);
      const window = (await stagedWindows(shared, input))[input.unit];
      if (window === undefined) throw new PermanentError(`The run has no window ${input.unit} of the query log.`);
      return stage.withQueryLog(async (source) =>
        resultOf(
          await readWindow({
            ...stageRun(shared.store, context),
            source,
            window,
            options: stage.logOptions,
            to: stage.slice(STAGES.queries, String(input.unit)),
          })
        )
      );
    });
}
