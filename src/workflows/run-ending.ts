import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  TimeoutFailure,
  isCancellation,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { RunIdentity, RunPlan } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
import { FINISH } from './activity-policy.js';
import { recipeOf, withoutStack, type WorkflowInput } from './input.js';
import type { RunState } from './run-state.js';
import { StoreCalls, StoreLost } from './store-calls.js';
import { countWords } from '../contract/count-words.js';

/** A run that is ending, and how far it got. */
export interface EndingRun {
  readonly input: WorkflowInput;
  readonly identity: RunIdentity;
  readonly plan: RunPlan | undefined;
  readonly state: RunState;
}

/** Reports the end of a run that did not run to completion, then lets the workflow end as the error says. */
export async function endAfter(error: unknown, run: EndingRun): Promise<never> {
  if (!isRunEnding(error)) throw error;
  const failure = applicationFailure(error);
  if (failure?.type === 'RecipeError') throw failure;
  // An activity may end with another failure at the moment it is cancelled, such as the shutdown of its worker.
  const stopped = isCancellation(error) || CancellationScope.current().consideredCancelled;
  const message = stopped ? 'the run was cancelled' : (failure?.message ?? describe(error));
  let report: RunReport;
  try {
    report = await CancellationScope.nonCancellable(() =>
      finish(run, { error: message, ...(stopped ? { stopped } : {}) })
    );
  } catch (reporting) {
    // what ended the run matters more than what kept it from being reported
    log.error('The end of the run could not be reported', { reason: describe(reporting) });
    if (stopped) throw cancellation(error);
    throw ApplicationFailure.create({ type: 'RunFailed', nonRetryable: true, message });
  }
  throw stopped ? cancellation(error) : runFailed(report);
}

/**
 * Reports the end from what is staged and removes it; does without it when there is no store to ask.
 * @param end what ended the run, if it didn't reach its end
 */
export async function finish(
  { input, identity, plan, state }: EndingRun,
  end: { error?: string; stopped?: boolean }
): Promise<RunReport> {
  state.finishing();
  const finishInput = { identity, ...(plan === undefined ? {} : { plan }), ...end };
  let lost = end.error;
  if (plan !== undefined) {
    const calls = new StoreCalls(plan);
    try {
      const report = await calls.call('finish', 'report', (activities) => activities.finishRun(finishInput));
      await removeStaged(calls, identity, plan);
      return report;
    } catch (error) {
      const reason = isGivenUp(error, end) ? `what is staged could not be reported: ${describe(error)}` : undefined;
      if (!(error instanceof StoreLost) && reason === undefined) throw error;
      const without = reason ?? describe(error);
      lost = end.error === undefined || end.error === without ? without : `${end.error}; ${without}`;
    }
  }
  const { failRun } = proxyActivities<Activities>({ ...FINISH, summary: 'report' });
  return failRun({ ...finishInput, recipe: recipeOf(input), ...(lost === undefined ? {} : { error: lost }) });
}

/** A failed run whose report was tried until its time was up is reported without what is staged. */
function isGivenUp(error: unknown, end: { readonly error?: string }): boolean {
  if (end.error === undefined || !(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  return cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.type === 'TransientError');
}

/** What can't be removed now is swept later, by age. */
async function removeStaged(calls: StoreCalls, identity: RunIdentity, plan: RunPlan): Promise<void> {
  try {
    await calls.call('finish', 'remove staged data', (activities) => activities.removeStaged({ identity, plan }));
  } catch (error) {
    if (!(error instanceof ActivityFailure) && !(error instanceof StoreLost)) throw error;
    log.warn('The staged data of the run was not removed', { store: plan.store, reason: describe(error) });
  }
}

/** @throws ApplicationFailure for a report that says failed */
export function settle(report: RunReport): RunReport {
  if (report.state === 'failed') throw runFailed(report);
  return report;
}

/** Failures of activities and cancellations end a run; anything else (continue-as-new, a bug) is not ours to report. */
export function isRunEnding(error: unknown): boolean {
  return (
    error instanceof ActivityFailure ||
    error instanceof ApplicationFailure ||
    error instanceof StoreLost ||
    isCancellation(error)
  );
}

function runFailed(report: RunReport): ApplicationFailure {
  const errors = report.steps.reduce((sum, step) => sum + step.errors, 0);
  const reason =
    report.error ??
    `${countWords(errors, 'failure', 'failures')}, ${report.successPercent} % success is below the recipe's successThreshold`;
  return withoutStack(
    ApplicationFailure.create({
      type: 'RunFailed',
      nonRetryable: true,
      message: `${report.workflow} of ${report.service} failed: ${reason}`,
      details: [report],
    })
  );
}

function cancellation(error: unknown): unknown {
  return isCancellation(error) ? error : new CancelledFailure('the run was cancelled');
}

/** Our failure that an error is, or that it carries from an activity. */
export function applicationFailure(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : undefined;
}

function describe(error: unknown): string {
  if (error instanceof ActivityFailure) {
    return `${error.activityType} ended after its last attempt: ${error.cause?.message ?? error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
