import { TransientError } from '../errors/index.js';
import { publishUnit } from '../metadata/index.js';
import type { Shared } from './activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { PublishResult, UnitInput } from './run-plan.js';
import { inStage } from './stage-context.js';
import { STAGES } from './stage-names.js';
import { NO_PART } from '../report/index.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

export function publishUnitActivity(shared: Shared): (input: UnitInput) => Promise<PublishResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.publish, String(input.unit));
      try {
        await publishUnit({
          ...stage.bulk,
          service: input.plan.service,
          store,
          from: stage.slice(STAGES.extract, String(input.unit)),
          to,
          overrideMetadata: stage.overrideMetadata,
          takeFacts: () => context.recorder.take(),
          onCommit: context.progress,
        });
      } catch (error) {
        // Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
        if (!(error instanceof TransientError) || !error.throttled) throw error;
        return { part: NO_PART, deferred: 0, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
      }
      const deferred = (await store.manifest(to)).reduce((sum, entry) => sum + (entry.chunk?.count ?? 0), 0);
      return { ...(await stageResult(store, [to])), deferred };
    });
}
