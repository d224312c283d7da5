import { INLINE_FAILURES, type PartReport } from '../contract/part-report.js';
import type { RunReport, RunState, StepReport } from '../contract/run-report.js';
import { countsOf, failuresOf } from './part-report.js';
import type { ReportStep } from './report-steps.js';
import { shorten, successPercent } from './step-counts.js';

/** Largest report in bytes of JSON: it is stored in the workflow's history and in the pipeline status. */
const REPORT_BYTES = 56 * 1024;

export interface ReportInput {
  readonly workflow: string;
  readonly service: string;
  readonly pipelineRunId: string;
  readonly ingestionPipelineFQN?: string;
  /** Those of the workflow kind, in its order. */
  readonly steps: readonly ReportStep[];
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly successThreshold: number;
  readonly raiseOnError: boolean;
  readonly part: PartReport;
  /** Set when an error ended the run before it reached its end. */
  readonly error?: string;
  readonly stopped?: boolean;
}

/**
 * State: `failed` when an error ended the run, or when a step has failures and its own success is below the threshold;
 * else `partialSuccess` when something failed; else `success`. `stopped` after a cancellation.
 */
export function makeReport(input: ReportInput): RunReport {
  const steps = input.steps.map((step) => stepReport(step, input.part));
  const mean = Math.round((100 * steps.reduce((sum, each) => sum + each.successPercent, 0)) / steps.length) / 100;
  const { workflow, service, pipelineRunId, startedAt, finishedAt } = input;
  return trimToSize({
    workflow,
    service,
    pipelineRunId,
    ...(input.ingestionPipelineFQN === undefined ? {} : { ingestionPipelineFQN: input.ingestionPipelineFQN }),
    state: stateOf(input, steps),
    successPercent: mean,
    startedAt,
    finishedAt,
    steps,
    notes: input.part.notes,
    ...(input.part.tests === undefined ? {} : { tests: input.part.tests }),
    ...(input.part.reasons === undefined ? {} : { reasons: input.part.reasons }),
    ...(input.error === undefined ? {} : { error: shorten(input.error) }),
    ...(input.raiseOnError ? {} : { raiseOnError: false }),
  });
}

function stepReport({ id, name }: ReportStep, part: PartReport): StepReport {
  const counts = countsOf(part, id);
  return { name, ...counts, successPercent: successPercent(counts), failures: failuresOf(part, id) };
}

function stateOf(input: ReportInput, steps: readonly StepReport[]): RunState {
  if (input.stopped === true) return 'stopped';
  if (input.error !== undefined) return 'failed';
  if (steps.some((each) => each.errors > 0 && each.successPercent < input.successThreshold)) return 'failed';
  return input.part.incomplete === true || steps.some((each) => each.errors > 0) ? 'partialSuccess' : 'success';
}

/** Keeps the first failures of each step, and fewer until everything fits. */
function trimToSize(report: RunReport): RunReport {
  for (let keep = INLINE_FAILURES; ; keep = Math.floor(keep / 2)) {
    const trimmed: RunReport = {
      ...report,
      steps: report.steps.map((each) => ({ ...each, failures: each.failures.slice(0, keep) })),
      notes: report.notes.slice(0, keep),
      ...(report.reasons === undefined ? {} : { reasons: report.reasons.slice(0, keep) }),
    };
    if (keep === 0 || Buffer.byteLength(JSON.stringify(trimmed)) <= REPORT_BYTES) return trimmed;
  }
}

/**
 * Exit code of the CLI: 0 success, 1 partial success (or warnings, when `warningsCount` asks for it), 2 failed or
 * stopped.
 */
export function exitCode(report: RunReport, warningsCount = false): 0 | 1 | 2 {
  if (report.raiseOnError === false && report.error === undefined) return 0;
  if (report.state === 'failed' || report.state === 'stopped') return 2;
  if (report.state === 'partialSuccess') return 1;
  return warningsCount && report.steps.some((each) => each.warnings > 0) ? 1 : 0;
}
