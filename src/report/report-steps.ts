import { KINDS, type StepFacts, type StepId, type WorkflowKind } from '../contract/kinds.js';

/** A step that the report shows even if it counted nothing. */
export interface ReportStep {
  readonly id: StepId;
  /** As OpenMetadata names it. */
  readonly name: string;
}

/**
 * The steps of a workflow kind with their names.
 * @param connectionType OpenMetadata's service type (`Mysql`): names the source step for kinds that don't name it
 * themselves
 */
export function reportSteps(kind: WorkflowKind, connectionType: string): ReportStep[] {
  const steps: readonly (StepFacts & { readonly id: StepId })[] = KINDS[kind].steps;
  return steps.map(({ id, name }) => ({ id, name: name ?? connectionType }));
}
