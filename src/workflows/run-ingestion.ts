import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  TimeoutFailure,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { WorkflowKind } from '../contract/kinds.js';
import type { RunIdentity, RunPlan } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
import { FINISH, PREPARE, finishPolicy } from './activity-policy.js';
import { makeIdentity } from './identity.js';
import { checkInput, withoutStack, type StageCursor, type WorkflowInput } from './input.js';
import { progressMarkdown, progressQuery } from './progress.js';
import { markEnded, markRunning } from './run-attributes.js';
import { RunState } from './run-state.js';

/** How often a run extracts again on another store when the workers of its own are gone. */
const MAX_RELOCATIONS = 2;

/** One run of a kind's stages. Throws what ends the run; a stage's record errors are no such thing. */
export type Stages = (run: StagedRun) => Promise<void>;

export interface StagedRun {
  readonly input: WorkflowInput;
  readonly identity: RunIdentity;
  readonly plan: RunPlan;
  readonly state: RunState;
  /** Where to go on after a continue-as-new. */
  readonly cursor?: StageCursor;
}

/**
 * The frame of all workflows: prepare, the kind's stages, finish. The last status is reported whatever happens, also after a cancellation.
 * @returns the report of a run that ended in success or partial success
 * @throws ApplicationFailure of type RunFailed with the report as its detail, or RecipeError
 */
export async function runIngestion(kind: WorkflowKind, given: unknown, stages: Stages): Promise<RunReport> {
  let state: RunState | undefined;
  const end = (outcome: Parameters<typeof markEnded>[0]): void => {
    state?.closed();
    markEnded(outcome);
  };
  try {
    const input = checkInput(given);
    const identity = makeIdentity(kind, input);
    state = shownState(identity, input);
    const report = await prepareRunFinish(input, identity, state, stages);
    end(report.state);
    return report;
  } catch (error) {
    if (isRunEnding(error)) end(isCancellation(error) ? 'stopped' : 'failed');
    throw error;
  }
}

/** The run's state, shown by the query and in the current details. */
function shownState(identity: RunIdentity, input: WorkflowInput): RunState {
  const state = new RunState(identity, input.continued?.cursor.part);
  setHandler(progressQuery, () => state.progress());
  state.onChange(() => setCurrentDetails(progressMarkdown(state.progress())));
  return state;
}

async function prepareRunFinish(
  input: WorkflowInput,
  identity: RunIdentity,
  state: RunState,
  stages: Stages
): Promise<RunReport> {
  let plan = input.continued?.plan;
  let cursor = input.continued?.cursor;
  try {
    for (let relocations = 0; ; relocations += 1) {
      try {
        plan ??= await prepare(input, identity);
        state.begin(plan);
        await stages({ input, identity, plan, state, ...(cursor === undefined ? {} : { cursor }) });
        break;
      } catch (error) {
        if (plan === undefined || !isStoreLost(error) || relocations === MAX_RELOCATIONS) throw error;
        log.warn('No worker of the staging store took a task in time: the run starts again on another store', {
          store: plan.store,
        });
        plan = undefined;
        cursor = undefined;
        state.reset();
      }
    }
  } catch (error) {
    return await endAfter(error, input, identity, plan, state);
  }
  // A cancellation that comes now is too late: the work is done and says so.
  const report = await CancellationScope.nonCancellable(() => finish(input, identity, plan, state, {}));
  return settle(report);
}

async function prepare(input: WorkflowInput, identity: RunIdentity): Promise<RunPlan> {
  const { prepareRun } = proxyActivities<Activities>({ ...PREPARE, summary: 'read the recipe, look at both ends' });
  const plan = await prepareRun({ identity, recipe: recipeOf(input) });
  markRunning(identity.kind, plan);
  return plan;
}

/** Reports the end of a run that did not reach its own; then lets the workflow end as the error says. */
async function endAfter(
  error: unknown,
  input: WorkflowInput,
  identity: RunIdentity,
  plan: RunPlan | undefined,
  state: RunState
): Promise<never> {
  if (!isRunEnding(error)) throw error;
  const failure = applicationFailure(error);
  if (failure?.type === 'RecipeError') throw failure;
  const stopped = isCancellation(error);
  const message = stopped ? 'the run was cancelled' : (failure?.message ?? describe(error));
  let report: RunReport;
  try {
    report = await CancellationScope.nonCancellable(() =>
      finish(input, identity, plan, state, { error: message, ...(stopped ? { stopped } : {}) })
    );
  } catch (reporting) {
    // What ended the run stands above what kept it from being reported.
    log.error('The end of the run could not be reported', { reason: describe(reporting) });
    throw stopped ? error : ApplicationFailure.create({ type: 'RunFailed', nonRetryable: true, message });
  }
  if (stopped) throw error;
  throw runFailed(report);
}

async function finish(
  input: WorkflowInput,
  identity: RunIdentity,
  plan: RunPlan | undefined,
  state: RunState,
  end: { error?: string; stopped?: boolean }
): Promise<RunReport> {
  state.finishing();
  const finishInput = { identity, recipe: recipeOf(input), ...(plan === undefined ? {} : { plan }), ...end };
  const summary = 'report and clean up';
  if (plan !== undefined) {
    try {
      const report = await proxyActivities<Activities>({ ...finishPolicy(plan), summary }).finishRun(finishInput);
      await removeStaged(identity, plan);
      return report;
    } catch (error) {
      if (!isStoreLost(error)) throw error;
    }
  }
  const lost =
    plan === undefined
      ? end.error
      : `${end.error ?? 'the workers of the staging store are gone'} (store ${plan.store})`;
  const { failRun } = proxyActivities<Activities>({ ...FINISH, summary });
  return failRun({ ...finishInput, ...(lost === undefined ? {} : { error: lost }) });
}

/** What can't be removed now is swept later by its age. */
async function removeStaged(identity: RunIdentity, plan: RunPlan): Promise<void> {
  try {
    const { removeStaged } = proxyActivities<Activities>({ ...finishPolicy(plan), summary: 'remove staged data' });
    await removeStaged({ identity, plan });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('The staged data of the run was not removed', { store: plan.store, reason: describe(error) });
  }
}

function settle(report: RunReport): RunReport {
  if (report.state === 'failed') throw runFailed(report);
  return report;
}

function runFailed(report: RunReport): ApplicationFailure {
  const errors = report.steps.reduce((sum, step) => sum + step.errors, 0);
  const reason =
    report.error ?? `${errors} failures, ${report.successPercent} % success is below the recipe's successThreshold`;
  return withoutStack(
    ApplicationFailure.create({
      type: 'RunFailed',
      nonRetryable: true,
      message: `${report.workflow} of ${report.service} failed: ${reason}`,
      details: [report],
    })
  );
}

/** The recipe part of the input, without what only the workflow reads. */
function recipeOf({ recipePath, recipeYaml, recipe }: WorkflowInput): WorkflowInput {
  if (recipePath !== undefined) return { recipePath };
  return recipeYaml !== undefined ? { recipeYaml } : { recipe };
}

/** True when no worker of the store's queue took the task in time. */
function isStoreLost(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof TimeoutFailure &&
    error.cause.timeoutType === 'SCHEDULE_TO_START'
  );
}

/** Failures of activities and cancellations end a run; anything else (continue-as-new, a bug) is not ours to report. */
function isRunEnding(error: unknown): boolean {
  return error instanceof ActivityFailure || error instanceof ApplicationFailure || isCancellation(error);
}

function applicationFailure(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error;
  return error instanceof ActivityFailure && error.cause instanceof ApplicationFailure ? error.cause : undefined;
}

function describe(error: unknown): string {
  if (error instanceof ActivityFailure) {
    return `${error.activityType} ended after its last attempt: ${error.cause?.message ?? error.message}`;
  }
  return error instanceof Error ? error.message : String(error);
}
