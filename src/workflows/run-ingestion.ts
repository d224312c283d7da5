import {
  CancellationScope,
  CancelledFailure,
  continueAsNew,
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
import { PREPARE } from './activity-policy.js';
import { makeIdentity } from './identity.js';
import { checkInput, recipeOf, type Continued, type WorkflowInput } from './input.js';
import { Pause } from './pause.js';
import { Pressure } from './pressure.js';
import { progressMarkdown, progressQuery } from './progress.js';
import { markEnded, markRunning } from './run-attributes.js';
import { continueAsItsKind } from './recipe-kind.js';
import { endAfter, finish, isRunEnding, settle } from './run-ending.js';
import { RunState } from './run-state.js';
import { StagedRun } from './staged-run.js';
import { StoreLost } from './store-calls.js';

/** How often a run extracts again on another store when its own store's workers are gone, over its whole life. */
const MAX_RELOCATIONS = 2;

/** A stage of a kind. Throws what ends the run; record errors don't. */
export type Stage<Kept> = (run: StagedRun<Kept>) => Promise<void>;

export interface KindOfRun<Kept> {
  readonly kind: WorkflowKind;
  /** What is remembered from stage to stage when the run begins. Small plain JSON; stages change it in place. */
  readonly begin: () => Kept;
  /**
   * In order. A stage has at most one `eachUnit`, with nothing after it: it is where a run with a long history
   * continues as new.
   */
  readonly stages: Readonly<Record<string, Stage<Kept>>>;
}

/**
 * The frame of all workflows: prepare, the kind's stages, finish. The last status is reported whatever happens, even
 * after a cancellation.
 * @returns the report of a run that ended in success or partial success
 * @throws ApplicationFailure of type RunFailed with the report as its detail, or RecipeError
 */
export async function runIngestion<Kept>(given: unknown, kind: KindOfRun<Kept>): Promise<RunReport> {
  let state: RunState | undefined;
  const end = (outcome: Parameters<typeof markEnded>[0]): void => {
    state?.closed();
    markEnded(outcome);
  };
  try {
    const input = checkInput<Kept>(given);
    const identity = makeIdentity(kind.kind, input);
    state = shownState(identity, input);
    const pressure = new Pressure();
    const report = await prepareRunFinish({ input, identity, state, kind, pause: pauseOf(input, state), pressure });
    end(report.state);
    return report;
  } catch (error) {
    if (isRunEnding(error)) end(isCancellation(error) ? 'stopped' : 'failed');
    throw error;
  }
}

/** The run's state, shown by the query and in the current details. */
function shownState(identity: RunIdentity, input: WorkflowInput): RunState {
  const state = new RunState(identity, input.continued?.part);
  setHandler(progressQuery, () => state.progress());
  state.onChange(() => setCurrentDetails(progressMarkdown(state.progress())));
  return state;
}

function pauseOf(input: WorkflowInput, state: RunState): Pause {
  const paused = input.continued?.paused === true;
  state.paused(paused);
  return new Pause(paused, (now) => state.paused(now));
}

interface Frame<Kept> {
  readonly input: WorkflowInput<Kept>;
  readonly identity: RunIdentity;
  readonly state: RunState;
  readonly kind: KindOfRun<Kept>;
  readonly pause: Pause;
  readonly pressure: Pressure;
}

async function prepareRunFinish<Kept>(frame: Frame<Kept>): Promise<RunReport> {
  const { input, identity, state } = frame;
  let { continued } = input;
  let plan = continued?.plan;
  let relocations = continued?.relocations ?? 0;
  try {
    for (;;) {
      try {
        plan ??= await prepare(input, identity);
        state.begin(plan);
        frame.pressure.begin(plan);
        await runStages(frame, plan, relocations, continued);
        break;
      } catch (error) {
        if (!(error instanceof StoreLost) || relocations === MAX_RELOCATIONS) throw error;
        log.warn('No worker of the staging store answers: the run starts again on another store', {
          store: plan?.store,
        });
        relocations += 1;
        plan = undefined;
        continued = undefined;
        state.reset();
      }
    }
    throwIfCancelled();
  } catch (error) {
    await continueAsItsKind(error, input, identity);
    return await endAfter(error, { input, identity, plan, state });
  }
  // A cancellation that comes now is too late: the work is done, and the report says so.
  const report = await CancellationScope.nonCancellable(() => finish({ input, identity, plan, state }, {}));
  return settle(report);
}

async function prepare(input: WorkflowInput, identity: RunIdentity): Promise<RunPlan> {
  const { prepareRun } = proxyActivities<Activities>({ ...PREPARE, summary: 'read the recipe, look at both ends' });
  const plan = await prepareRun({ identity, recipe: recipeOf(input) });
  markRunning(identity.kind, plan);
  return plan;
}

/** The kind's stages, from the one the run is in; when a stage leaves units, the run continues as new. */
async function runStages<Kept>(
  { input, identity, state, kind, pause, pressure }: Frame<Kept>,
  plan: RunPlan,
  relocations: number,
  continued: Continued<Kept> | undefined
): Promise<void> {
  const kept = continued?.kept ?? kind.begin();
  const run = new StagedRun<Kept>({ identity, plan, state, pause, pressure, kept });
  const stages = Object.entries(kind.stages);
  const first = continued === undefined ? 0 : stages.findIndex(([name]) => name === continued.cursor.stage);
  for (const [name, stage] of stages.slice(first)) {
    run.beginStage(name === continued?.cursor.stage ? continued.cursor.unit : 0);
    await stage(run);
    const cursor = run.cursorIn(name);
    if (cursor === undefined) continue;
    throwIfCancelled();
    const { part } = state;
    const next: Continued<Kept> = { identity, plan, relocations, paused: pause.paused, cursor, kept, part };
    await continueAsNew<(input: WorkflowInput<Kept>) => Promise<RunReport>>({ ...input, continued: next });
  }
}

/** A cancellation only reaches what waits for something; between two stages it would go unnoticed. */
function throwIfCancelled(): void {
  if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the run was cancelled');
}
