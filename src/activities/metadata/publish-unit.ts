import { TransientError } from '../../errors/index.js';
import { nothingGone, publishUnit, unitSchemas } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { PublishResult, UnitInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { NO_PART } from '../../report/index.js';

/** A 429 that names no time is waited for this long, milliseconds. */
const DEFAULT_WAIT_MS = 15_000;

/**
 * How long a unit's publishing waits for the next chunk of its extraction before it gives its slot back, milliseconds: long enough for
 * usual pauses between chunks, short enough that publishers never keep the last slots from the extractions they wait for.
 */
const PATIENCE_MS = 10_000;

export function publishUnitActivity(shared: Shared): (input: UnitInput) => Promise<PublishResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.publish, String(input.unit));
      const [firstSchema] = await unitSchemas(store, stage.slice(STAGES.scopes, ONE), input.unit);
      let complete: boolean;
      try {
        complete = await publishUnit({
          ...stage.bulk,
          ...stageRun(store, context),
          service: input.plan.service,
          from: stage.slice(STAGES.extract, String(input.unit)),
          to,
          firstSchema,
          overrideMetadata: stage.overrideMetadata,
          deleteFlags: stage.deleteFlags,
          beside: { ms: PATIENCE_MS, signal: context.signal },
        });
      } catch (error) {
        // Pressure is a fact for the workflow, which narrows its lanes, not a failure that would only be tried again.
        if (!(error instanceof TransientError) || !error.throttled) throw error;
        return { part: NO_PART, deferred: 0, retryAfterMs: error.retryAfterMs ?? DEFAULT_WAIT_MS };
      }
      const published = await store.manifest(to);
      return {
        ...resultOf(published),
        deferred: published.reduce((sum, entry) => sum + (entry.chunk?.count ?? 0), 0),
        ...(complete ? {} : { unfinished: true as const }),
        ...(nothingGone(published) ? { nothingGone: true as const } : {}),
      };
    });
}
