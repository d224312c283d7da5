import type { Recipe } from '../../recipe/index.js';
import { KINDS } from '../../contract/kinds.js';
import { makeReport, reportSteps, type PartReport, type RunReport } from '../../report/index.js';
import { findSource, isSourceType } from '../../sources/index.js';
import type { FinishInput } from '../../contract/run-plan.js';

/** The report of a run that ends now, from what was counted. */
export function endReport(
  { identity, error, stopped }: Pick<FinishInput, 'identity' | 'error' | 'stopped'>,
  recipe: Recipe,
  part: PartReport
): RunReport {
  const { source, workflowConfig, ingestionPipelineFQN } = recipe;
  return makeReport({
    workflow: KINDS[identity.kind].workflowType,
    service: source.serviceName,
    pipelineRunId: identity.pipelineRunId,
    ...(ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN }),
    steps: reportSteps(identity.kind, connectionType(recipe)),
    startedAt: identity.startedAt,
    finishedAt: Date.now(),
    successThreshold: workflowConfig.successThreshold,
    raiseOnError: workflowConfig.raiseOnError,
    part,
    ...(error === undefined ? {} : { error }),
    ...(stopped === undefined ? {} : { stopped }),
  });
}

/** OpenMetadata's name for what is read; the source step is named after it. */
function connectionType({ source }: Recipe): string {
  return isSourceType(source.type) ? findSource(source.type).serviceType : 'Query log';
}
