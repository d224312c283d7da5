import { beginning } from '../contract/beginning.js';
import type { PipelineStatus, StepSummary } from '../openmetadata/index.js';
import type { RunReport, StepReport } from '../contract/run-report.js';

/** Failures of a step in the pipeline status, as OpenMetadata's own workflows send them. */
const STATUS_FAILURES = 10;

/** Characters of a reason in the status's `metadata`. */
const REASON_TEXT = 300;

/**
 * The report as OpenMetadata's pipeline status. @param metadata the workflow's id, by which the run is found, and what
 * it leaves to the next one
 */
export function toPipelineStatus(report: RunReport, metadata: Readonly<Record<string, unknown>>): PipelineStatus {
  const reasons = (report.reasons ?? []).slice(0, STATUS_FAILURES);
  return {
    runId: report.pipelineRunId,
    pipelineState: report.state,
    startDate: report.startedAt,
    timestamp: report.startedAt,
    endDate: report.finishedAt,
    status: report.steps.map(toSummary),
    config: {},
    metadata: {
      ...metadata,
      ...(report.error === undefined ? {} : { error: report.error }),
      ...(reasons.length === 0 ? {} : { incomplete: reasons.map(({ error }) => beginning(error, REASON_TEXT)) }),
    },
  };
}

/** The status of a run that is under way. @param metadata as for `toPipelineStatus` */
export function toRunningStatus(
  { pipelineRunId, startedAt }: Pick<RunReport, 'pipelineRunId' | 'startedAt'>,
  metadata: Readonly<Record<string, unknown>>
): PipelineStatus {
  return {
    runId: pipelineRunId,
    pipelineState: 'running',
    startDate: startedAt,
    timestamp: startedAt,
    config: {},
    metadata,
  };
}

function toSummary(step: StepReport): StepSummary {
  return {
    name: step.name,
    records: step.records + step.unchanged,
    updated_records: step.updated,
    warnings: step.warnings,
    errors: step.errors,
    filtered: step.filtered,
    failures: step.failures.slice(0, STATUS_FAILURES).map(({ entity, error }) => ({ name: entity, error })),
    ...(step.sourceMs > 0 ? { sourceTimeMs: step.sourceMs } : {}),
    ...(step.sinkMs > 0 ? { sinkTimeMs: step.sinkMs } : {}),
  };
}
