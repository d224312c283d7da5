import type { RunIdentity } from '../../contract/run-plan.js';
import { runTag } from '../../sources/index.js';

/** In the statements of a unit: finds those of an attempt whose worker was lost. */
export function unitTag(identity: RunIdentity, unit: number): string {
  return runTag(`${identity.kind} ${identity.pipelineRunId} unit ${unit}`);
}
