import type { Shared } from './activity-deps.js';
import type { StageInput } from '../../contract/run-plan.js';
import { inStage } from './stage-context.js';

/**
 * Removes what the run staged. A separate activity: one that reports from the staged data and then removes it could not
 * be repeated.
 */
export function removeStagedActivity({ store }: Shared): (input: StageInput) => Promise<void> {
  return ({ identity }) => inStage(() => store.removeRun(identity.pipelineRunId));
}
