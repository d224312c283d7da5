import { workflowInfo } from '@temporalio/workflow';
import type { StagedRun } from './staged-run.js';
import { lanesOf } from './lanes.js';
import { range, together } from './together.js';

export interface UnitsOfStage {
  /** How many there are. */
  readonly units: number;
  /** Names under which the progress counts them; `run.state.finishUnit(name, …)` is left to the work. */
  readonly shown: readonly string[];
  /** Units under way at once. Default: the run's lanes; more if a unit waits for lanes itself. */
  readonly atOnce?: number;
}

/**
 * Does the work of a stage's units, a limited number at once: as one ends, the next begins. Once the history has grown
 * long, no further unit begins, and once the stage has returned the frame continues as new at the first unit that is
 * left.
 */
export async function eachUnit<Kept>(
  run: StagedRun<Kept>,
  { units, shown, atOnce = lanesOf(run.plan) }: UnitsOfStage,
  work: (unit: number) => Promise<void>
): Promise<void> {
  let next = run.firstUnit;
  for (const name of shown) run.state.startStage(name, units, next);
  const lane = async (): Promise<void> => {
    while (next < units && !workflowInfo().continueAsNewSuggested) {
      next += 1;
      await work(next - 1);
    }
  };
  await together(range(0, Math.min(units - next, atOnce)), lane);
  if (next < units) run.leaveUnits(next);
  else for (const name of shown) run.state.endStage(name);
}
