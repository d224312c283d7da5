import { publishScopes } from '../metadata/index.js';
import type { Shared } from './activity-deps.js';
import { openStage, stageResult } from './open-stage.js';
import type { StageInput, StageResult } from './run-plan.js';
import { inStage } from './stage-context.js';
import { ONE, STAGES } from './stage-names.js';

export function publishScopesActivity(shared: Shared): (input: StageInput) => Promise<StageResult> {
  return (input) =>
    inStage(async (context) => {
      const stage = await openStage(shared, input, context);
      const to = stage.slice(STAGES.publishedScopes, ONE);
      await publishScopes({
        ...stage.bulk,
        store: shared.store,
        from: stage.slice(STAGES.scopes, ONE),
        to,
        overrideMetadata: stage.overrideMetadata,
        takeFacts: () => context.recorder.take(),
        onCommit: context.progress,
      });
      return stageResult(shared.store, [to]);
    });
}
