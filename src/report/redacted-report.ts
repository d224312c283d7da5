import type { Failure } from '../contract/part-report.js';
import type { RunReport } from '../contract/run-report.js';
import { redact } from '../secrets/index.js';

/** The report with its messages redacted once more before it is shown; its names and counts aren't secrets. */
export function redactedReport(report: RunReport): RunReport {
  return {
    ...report,
    steps: report.steps.map((step) => ({ ...step, failures: step.failures.map(redacted) })),
    notes: report.notes.map(redact),
    ...(report.reasons === undefined ? {} : { reasons: report.reasons.map(redacted) }),
    ...(report.error === undefined ? {} : { error: redact(report.error) }),
  };
}

function redacted({ entity, error }: Failure): Failure {
  return { entity: redact(entity), error: redact(error) };
}
