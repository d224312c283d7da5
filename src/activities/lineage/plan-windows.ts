import type { StageInput } from '../../contract/run-plan.js';
import { planWindows, readWindows } from '../../query-log/index.js';
import type { LogWindow } from '../../sources/index.js';
import { linesIn } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { resultOf } from '../metadata/open-stage.js';
import type { UnitsResult } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Cuts the query log into windows. The range depends on the run's anchor: from 00:00 UTC `queryLogDuration` days before
 * its day to 00:00 UTC after it, so a duration of 1 covers two calendar days.
 */
export function planWindowsActivity(shared: Shared): (input: StageInput) => Promise<UnitsResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openLineageStage(shared, input, context);
      const day = Math.floor(input.identity.anchor / DAY_MS) * DAY_MS;
      const range = { from: day - stage.config.queryLogDuration * DAY_MS, to: day + DAY_MS };
      const planned = await stage.withQueryLog((open) =>
        planWindows({
          ...stageRun(shared.store, context),
          windows: async () => (await open()).windows(range, stage.logOptions),
          to: stage.slice(STAGES.windows, ONE),
        })
      );
      return { ...resultOf(planned), units: linesIn(planned) };
    });
}

/** The run's windows, in order. */
export function stagedWindows({ store }: Shared, { identity }: StageInput): Promise<readonly LogWindow[]> {
  return readWindows(store, { run: identity.pipelineRunId, stage: STAGES.windows, slice: ONE });
}
