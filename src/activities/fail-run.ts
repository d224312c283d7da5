import { NO_PART, makeReport, type RunReport } from '../report/index.js';
import type { Shared } from './activity-deps.js';
import { sourceName } from './finish-run.js';
import { loadRecipe } from './load-recipe.js';
import type { FinishInput } from './run-plan.js';
import { reportEnd } from './run-status.js';
import { inStage } from './stage-context.js';

/** Reports the end of a run that has nothing staged: it failed while it was prepared, or its staging store is gone. */
export function failRunActivity(shared: Shared): (input: FinishInput) => Promise<RunReport> {
  return ({ identity, recipe: given, error, stopped }) =>
    inStage(async ({ recorder, signal }) => {
      const { recipe, file, sha256 } = await loadRecipe(given, shared.recipesDir, shared.memorySecrets);
      const report = makeReport({
        workflow: `${identity.kind}Workflow`,
        service: recipe.source.serviceName,
        pipelineRunId: identity.pipelineRunId,
        ...(recipe.ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN: recipe.ingestionPipelineFQN }),
        sourceName: sourceName(recipe),
        startedAt: identity.startedAt,
        finishedAt: Date.now(),
        successThreshold: recipe.workflowConfig.successThreshold,
        raiseOnError: recipe.workflowConfig.raiseOnError,
        part: NO_PART,
        error: error ?? 'the run ended before it began',
        ...(stopped === undefined ? {} : { stopped }),
      });
      const client = await shared.connections.client({
        recipe,
        ...(file === undefined ? {} : { file: { file, sha256 } }),
      });
      await reportEnd({ client, recipe, identity, recorder, signal }, report);
      return report;
    });
}
