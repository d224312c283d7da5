import type { ProfileUnitInput, ProfileUnitResult } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
import { BudgetShares } from './budget-shares.js';
import type { WorkflowInput } from './input.js';
import { lanesOf } from './lanes.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';
import { eachUnit } from './units.js';

interface Kept {
  units: number;
  /** Statements that each unit takes when none is refused; empty without a budget. */
  needs: readonly number[];
  /** What is left of the budget, neither used nor dealt out; undefined where there is none. */
  statements?: number;
  seconds?: number;
}

type Run = StagedRun<Kept>;

/** Profiles of the tables of one service, from a `Profiler` recipe. */
export async function profilerWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion<Kept>(input, {
    kind: 'profiler',
    begin: () => ({ units: 0, needs: [] }),
    stages: { tables, profile, remember },
  });
}

async function tables(run: Run): Promise<void> {
  const { units, needs = [] } = await run.single('tables', () =>
    run.read('list tables that changed', (activities) => activities.listProfiledTables(run.stage))
  );
  Object.assign(run.kept, { units, needs, ...run.plan.budget });
}

async function profile(run: Run): Promise<void> {
  const { kept, plan, state } = run;
  const lanes = run.lanes('source', lanesOf(plan), 'catalog');
  const shares = new BudgetShares(kept);
  await eachUnit(run, { units: kept.units, shown: ['profile'], atOnce: lanesOf(plan) }, async (unit) => {
    const call = (given: Pick<ProfileUnitInput, 'allowance' | 'mayGetMore'>): Promise<ProfileUnitResult> =>
      run.readAndPublish(`profile unit ${unit + 1} of ${kept.units}`, (activities) =>
        activities.profileUnit({ ...run.stage, unit, ...given })
      );
    const { part } = await lanes.run(() => {
      if (plan.budget === undefined) return call({});
      const [need = 0, ...behind] = kept.needs.slice(unit);
      return shares.spend(need, sum(behind), (allowance, mayGetMore) =>
        call({ allowance, ...(mayGetMore ? { mayGetMore } : {}) })
      );
    });
    state.finishUnit('profile', part);
  });
}

async function remember(run: Run): Promise<void> {
  await run.single('remember', () =>
    run.work('remember what was profiled', (activities) => activities.rememberProfiles(run.stage))
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
