import { nothingGone, publishScopes } from '../../metadata/index.js';
import type { Shared } from '../run/activity-deps.js';
import { openStage, resultOf } from './open-stage.js';
import type { PublishScopesResult, StageInput } from '../../contract/run-plan.js';
import { inStage, stageRun } from '../run/stage-context.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { NO_PART } from '../../report/index.js';
import { orSlowDown } from '../run/slow-down.js';

export function publishScopesActivity(shared: Shared): (input: StageInput) => Promise<PublishScopesResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.publishedScopes, ONE);
      return orSlowDown<PublishScopesResult>({ part: NO_PART }, async () => {
        await publishScopes({
          ...stage.bulk,
          ...stageRun(shared.store, context),
          service: input.plan.service,
          from: stage.slice(STAGES.scopes, ONE),
          to,
          overrideMetadata: stage.overrideMetadata,
          deleteFlags: stage.deleteFlags,
        });
        const published = await shared.store.manifest(to);
        return { ...resultOf(published), ...(nothingGone(published) ? { nothingGone: true as const } : {}) };
      });
    });
}
