import { NO_PART } from '../../contract/part-report.js';
import type { StageInput, StageResult } from '../../contract/run-plan.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { TransientError } from '../../errors/index.js';
import { earlierFact, stageFact } from '../../run-context/index.js';
import { completeBefore, daysDone, nowDone, publishUsage } from '../../usage/index.js';
import { stageResult } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { inStage } from '../run/stage-context.js';
import { openUsageStage } from './open-usage-stage.js';
import { stagedLog, USAGE_FACT } from './plan-usage-windows.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

export interface PublishUsageStageInput extends StageInput {
  /** Parts sent at once. */
  readonly lanes: number;
}

export interface PublishUsageResult extends StageResult {
  /** Set when OpenMetadata asked to slow down: wait as long, narrow the pool, call again. Milliseconds. */
  readonly retryAfterMs?: number;
}

/** metadata-usage: sends what was added up, then remembers which days are done. Only one of these may be at work on a service. */
export function publishUsageActivity(shared: Shared): (input: PublishUsageStageInput) => Promise<PublishUsageResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const { recorder, progress, signal } = context;
      const { pipelineRunId, startedAt } = input.identity;
      const stage = await openUsageStage(shared, input, context);
      const { planned } = await stagedLog(shared, input);
      const to = stage.slice(STAGES.publishedUsage, ONE);
      const before = completeBefore(startedAt, planned.lagMs);
      try {
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
          recorder,
          takeFacts: () => recorder.take(),
          onCommit: progress,
        });
      } catch (error) {
        // Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
        if (!(error instanceof TransientError) || !error.throttled) throw error;
        return { part: NO_PART, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
      }
      if (stage.config.queryLogFilePath === undefined) {
        const earlier = await earlierFact(store, pipelineRunId, USAGE_FACT, daysDone);
        const done = nowDone(planned, before, earlier, planned.settings);
        if (done !== undefined) await stageFact(store, pipelineRunId, USAGE_FACT, done);
      }
      return stageResult(store, [to]);
    });
}
