import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { WorkflowKind } from '../contract/kinds.js';
import type { RunPlan } from '../contract/run-plan.js';
import { SEARCH_ATTRIBUTES, attributePairs, type RunAttributes } from './search-attributes.js';

/**
 * Whether the search attributes may be set is read from the history alone, so that a replay decides the same: the run
 * was started with them, or its plan says that they are registered.
 */
function alreadySet(): boolean {
  return workflowInfo().typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) !== undefined;
}

/** The run is prepared: it knows what it is about, wherever it was started from. */
export function markRunning(kind: WorkflowKind, plan: RunPlan): void {
  if (plan.searchAttributes !== true && !alreadySet()) return;
  const { service, ingestionPipelineFQN: pipeline } = plan;
  upsertSearchAttributes(attributePairs({ service, pipeline, workflow: kind, state: 'running' }));
}

/** The run ends in this state. */
export function markEnded(state: Exclude<RunAttributes['state'], 'queued' | 'running' | undefined>): void {
  if (alreadySet()) upsertSearchAttributes(attributePairs({ state }));
}
