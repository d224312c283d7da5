import { STAGES } from '../../contract/stage-names.js';
import type { StageResult, UnitInput } from '../../contract/run-plan.js';
import { PermanentError } from '../../errors/index.js';
import { nameFilter } from '../../filters/index.js';
import { CounterLedger, counterSettings, foldWindow, runLog } from '../../usage/index.js';
import { resultOf } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';
import { stagedLog } from './plan-usage-windows.js';

/** Reads one window of the query log into its slice; the log is closed before anything is parsed. */
export function readUsageActivity(shared: Shared): (input: UnitInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openUsageStage(shared, input, context);
      const window = (await stagedLog(shared, input)).windows[input.unit];
      if (window === undefined) throw new PermanentError(`The run has no window ${input.unit} of the query log.`);
      const { includes, excludes } = stage.options.users;
      const users = nameFilter('usage', { includes: [...includes], excludes: [...excludes] });
      const { pipelineRunId: run, startedAt } = input.identity;
      const ledger = new CounterLedger({
        state: shared.store.state,
        service: input.plan.service,
        version: { run, startedAt },
        settings: counterSettings(window, stage.options, stage.recipe.source.serviceConnection),
      });
      const { recorder } = context;
      return stage.withLog(async (open) =>
        resultOf(
          await foldWindow({
            ...stageRun(shared.store, context),
            source: async () => runLog(await open(), { ledger, users, recorder, startedAt }),
            window,
            options: stage.options,
            run: (n) => stage.slice(STAGES.queryRuns, `${input.unit}-${n}`),
            to: stage.slice(STAGES.queries, String(input.unit)),
            onSpill: context.progress,
            dialect: stage.dialect,
            users,
            now: input.identity.anchor,
            startedAt: input.identity.startedAt,
          })
        )
      );
    });
}
