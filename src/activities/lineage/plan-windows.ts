import type { StageInput } from '../../contract/run-plan.js';
import { windowLine } from '../../lineage/index.js';
import type { LogWindow } from '../../sources/index.js';
import { toLines } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { stageResult } from '../metadata/open-stage.js';
import type { ScopesResult } from '../../contract/run-plan.js';
import { inStage } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { openLineageStage } from './open-lineage-stage.js';

const DAY_MS = 24 * 3_600_000;

/**
 * Cuts the query log into windows. The range hangs on the run's anchor: from 00:00 UTC `queryLogDuration` days before its day to 00:00 UTC
 * after it, so a duration of 1 covers two calendar days.
 */
export function planWindowsActivity(shared: Shared): (input: StageInput) => Promise<ScopesResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder } = context;
      const stage = await openLineageStage(shared, input, context);
      const address = stage.slice(STAGES.windows, ONE);
      if ((await store.manifest(address)).length === 0) {
        const day = Math.floor(input.identity.anchor / DAY_MS) * DAY_MS;
        const range = { from: day - stage.config.queryLogDuration * DAY_MS, to: day + DAY_MS };
        const windows = await stage.withQueryLog((log) => log.windows(range, stage.logOptions));
        await store.commit(address, { n: 0, lines: toLines(windows), facts: recorder.take(), last: true });
      }
      return { ...(await stageResult(store, [address])), units: (await stagedWindows(shared, input)).length };
    });
}

export async function stagedWindows({ store }: Shared, { identity }: StageInput): Promise<readonly LogWindow[]> {
  const [entry] = await store.manifest({ run: identity.pipelineRunId, stage: STAGES.windows, slice: ONE });
  const windows: LogWindow[] = [];
  if (entry !== undefined) for (const line of await store.read(entry)) windows.push(windowLine.parse(line));
  return windows;
}
