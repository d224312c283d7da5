import { nothingGone, publishUnit, unitSchemas } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { PublishResult, UnitInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { NO_PART } from '../../report/index.js';
import { orSlowDown } from '../run/slow-down.js';

/**
 * How long publishing a unit waits for the next chunk of its extraction before it gives its slot back, milliseconds:
 * longer than the usual pause between chunks, and short enough that publishers never take the last slots from the
 * extractions they wait for.
 */
const PATIENCE_MS = 10_000;

export function publishUnitActivity(shared: Shared): (input: UnitInput) => Promise<PublishResult> {
  return (input) =>
    inStage(async (context) => {
      const { store } = shared;
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.publish, String(input.unit));
      const [firstSchema] = await unitSchemas(store, stage.slice(STAGES.scopes, ONE), input.unit);
      return orSlowDown<PublishResult>({ part: NO_PART, deferred: 0 }, async () => {
        const complete = await publishUnit({
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
        const published = await store.manifest(to);
        return {
          ...resultOf(published),
          deferred: published.reduce((sum, entry) => sum + (entry.chunk?.count ?? 0), 0),
          ...(complete ? {} : { unfinished: true as const }),
          ...(nothingGone(published) ? { nothingGone: true as const } : {}),
        };
      });
    });
}
