import { NO_PART, type RunReport } from '../../report/index.js';
import type { Shared } from './activity-deps.js';
import { endReport } from './end-report.js';
import { loadRecipe, stagedFrom } from '../../run-context/index.js';
import type { FailInput } from '../../contract/run-plan.js';
import { reportEnd, saidByRun } from './run-status.js';
import { inStage } from './stage-context.js';

/**
 * Reports the end of a run that has nothing staged: it failed while it was being prepared, or its staging store is
 * gone.
 */
export function failRunActivity(shared: Shared): (input: FailInput) => Promise<RunReport> {
  return (input) =>
    inStage(async ({ recorder, signal, logAt }) => {
      const { identity, error = 'the run ended before it began' } = input;
      const checked = await loadRecipe(input.recipe, shared, identity);
      const { recipe } = checked;
      logAt(recipe.workflowConfig.loggerLevel);
      const report = endReport({ ...input, error }, recipe, NO_PART);
      const client = await shared.connections.client(stagedFrom(checked));
      const reporter = { client, recipe, identity, recorder, signal };
      await reportEnd(reporter, report, await saidByRun(reporter));
      return report;
    });
}
