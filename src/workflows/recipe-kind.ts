import { log, makeContinueAsNewFunc } from '@temporalio/workflow';
import { isKind, KINDS, type WorkflowKind } from '../contract/kinds.js';
import type { RunIdentity } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { applicationFailure } from './run-ending.js';

/**
 * Whoever starts a run of a file that only the worker has can't know its kind, whether a command that exits at once, a
 * schedule or a person in the Temporal UI. If the file turns out to be of another kind, the run continues as the
 * workflow of that kind, under its id. Only once: hosts whose files differ would send it back and forth.
 */
export async function continueAsItsKind(error: unknown, input: WorkflowInput, identity: RunIdentity): Promise<void> {
  const kind = kindOfRecipe(error);
  if (kind === undefined || input.recipePath === undefined || input.askedFor !== undefined) return;
  const { title, workflowType } = KINDS[kind];
  log.warn(`The file is a recipe of ${title} runs: the run continues as ${workflowType}`, { recipe: input.recipePath });
  const next = makeContinueAsNewFunc<(input: WorkflowInput) => Promise<RunReport>>({ workflowType });
  await next({ ...input, askedFor: identity.kind });
}

/** The kind of a recipe that was refused only because of its kind. */
function kindOfRecipe(error: unknown): WorkflowKind | undefined {
  const failure = applicationFailure(error);
  if (failure?.type !== 'RecipeError') return undefined;
  const detail: unknown = failure.details?.[0];
  const kind = typeof detail === 'object' && detail !== null && 'kind' in detail ? detail.kind : undefined;
  return typeof kind === 'string' && isKind(kind) ? kind : undefined;
}
