import { z } from 'zod';
import { ONE, STAGES } from '../../contract/stage-names.js';
import type { UnitsResult, StageInput } from '../../contract/run-plan.js';
import { earlierFact } from '../../run-context/index.js';
import type { LogWindow } from '../../sources/index.js';
import { toLines } from '../../staging/index.js';
import { DAY_MS, dayOf, daysDone, settingsOf, withoutDone } from '../../usage/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';

/** Name of the small fact that says which days are done. */
export const USAGE_FACT = 'usage';

const windowLine = z.object({
  from: z.number(),
  to: z.number(),
  log: z.string(),
  counters: z.exactOptional(z.literal(true)),
});
/**
 * What is known when the log is cut into windows: its lag, the days that the recipe asks for, and what it counts by.
 */
const plannedLog = z.object({ lagMs: z.number(), from: z.number(), to: z.number(), settings: z.string() });
export type PlannedLog = z.infer<typeof plannedLog>;

/**
 * Cuts the query log into windows. The range depends on the run's anchor: from 00:00 UTC `queryLogDuration` days before
 * its day to 00:00 UTC after it. Days at its beginning that an earlier run of the pipeline has done are not read again,
 * unless the recipe says so; files are always read whole.
 */
export function planUsageWindowsActivity(shared: Shared): (input: StageInput) => Promise<UnitsResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder } = context;
      const { pipelineRunId, anchor } = input.identity;
      const stage = await openUsageStage(shared, input, context);
      const address = stage.slice(STAGES.windows, ONE);
      if ((await store.manifest(address)).length === 0) {
        const day = dayOf(anchor);
        const range = { from: day - stage.config.queryLogDuration * DAY_MS, to: day + DAY_MS };
        const { usage } = stage.recipe.workflowConfig.config ?? {};
        const settings = settingsOf(stage.options, stage.recipe.source.serviceConnection);
        const isFile = stage.config.queryLogFilePath !== undefined;
        const done =
          isFile || usage?.readAgain === true
            ? undefined
            : await earlierFact(store, pipelineRunId, USAGE_FACT, daysDone);
        const wanted = withoutDone(range, done, settings);
        const { windows, lagMs } = await stage.withLog(async (open) => {
          const log = await open();
          return { windows: await log.windows(wanted, stage.options), lagMs: log.lagMs };
        });
        const position: PlannedLog = { lagMs, ...range, settings };
        await store.commit(address, { n: 0, lines: toLines(windows), position, facts: recorder.take(), last: true });
      }
      return { ...(await stageResult(store, [address])), units: (await stagedLog(shared, input)).windows.length };
    });
}

export async function stagedLog(
  { store }: Shared,
  { identity }: StageInput
): Promise<{ readonly windows: readonly LogWindow[]; readonly planned: PlannedLog }> {
  const [entry] = await store.manifest({ run: identity.pipelineRunId, stage: STAGES.windows, slice: ONE });
  const windows: LogWindow[] = [];
  if (entry !== undefined) for (const line of await store.read(entry)) windows.push(windowLine.parse(line));
  return { windows, planned: plannedLog.parse(entry?.position) };
}
