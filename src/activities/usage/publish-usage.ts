import { NO_PART } from '../../contract/part-report.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { earlierFact, stageFact } from '../../run-context/index.js';
import { completeBefore, daysDone, nowDone, publishUsage, UsageTally } from '../../usage/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { orSlowDown } from '../run/slow-down.js';
import { inStage } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';
import { parsedChunks } from './parsed-chunks.js';
import { stagedLog, USAGE_FACT } from './plan-usage-windows.js';

export interface PublishUsageStageInput extends StageInput {
  /** Parts sent at once. */
  readonly lanes: number;
}

/**
 * metadata-usage: sends what was added up, then remembers which days are done. Only one of these may run per service.
 */
export function publishUsageActivity(shared: Shared): (input: PublishUsageStageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder, progress, signal, wait } = context;
      const { pipelineRunId, startedAt } = input.identity;
      const stage = await openUsageStage(shared, input, context);
      const { planned } = await stagedLog(shared, input);
      const to = stage.slice(STAGES.publishedUsage, ONE);
      const before = completeBefore(startedAt, planned.lagMs);
      return orSlowDown<StageResult>({ part: NO_PART }, async () => {
        await publishUsage({
          client: stage.client,
          store,
          from: stage.slice(STAGES.usage, ONE),
          to,
          service: input.plan.service,
          dialect: stage.dialect,
          now: startedAt,
          completeBefore: before,
          lanes: input.lanes,
          signal,
          wait,
          recorder,
          takeFacts: () => recorder.take(),
          onCommit: progress,
        });
        const tally = new UsageTally(await parsedChunks(store, pipelineRunId));
        // days that count for nothing because their tables come later must be read again
        if (stage.config.queryLogFilePath === undefined && !tally.isAllUnknown) {
          const earlier = await earlierFact(store, pipelineRunId, USAGE_FACT, daysDone);
          const done = nowDone(planned, before, earlier, planned.settings);
          if (done !== undefined) await stageFact(store, pipelineRunId, USAGE_FACT, done);
        }
        return stageResult(store, [to]);
      });
    });
}
