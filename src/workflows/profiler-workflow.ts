import type { ProfilerBudget } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
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
  await eachUnit(run, { units: kept.units, shown: ['profile'], atOnce: lanesOf(plan) }, async (unit) => {
    const { part } = await lanes.run(async () => {
      const allowance = plan.budget === undefined ? undefined : grant(kept, kept.needs[unit] ?? 0);
      const result = await run.readAndPublish(`profile unit ${unit + 1} of ${kept.units}`, (activities) =>
        activities.profileUnit({ ...run.stage, unit, ...(allowance === undefined ? {} : { allowance }) })
      );
      settle(kept, allowance, result.used);
      return result;
    });
    state.finishUnit('profile', part);
  });
}

async function remember(run: Run): Promise<void> {
  await run.single('remember', () =>
    run.work('remember what was profiled', (activities) => activities.rememberProfiles(run.stage))
  );
}

/**
 * A unit's share of the budget, taken out before it begins: what it needs, half as much again, and a few more for
 * statements that are refused and split; nothing where the catalogue has it all. Seconds are known only afterwards:
 * each unit may use what is left.
 */
function grant(kept: Kept, need: number): ProfilerBudget {
  const { statements, seconds } = kept;
  if (statements === undefined) return seconds === undefined ? {} : { seconds: Math.max(0, seconds) };
  const share = need === 0 ? 0 : Math.min(statements, Math.ceil(1.5 * need) + 4);
  kept.statements = statements - share;
  return { statements: share, ...(seconds === undefined ? {} : { seconds: Math.max(0, seconds) }) };
}

/** Takes back what the unit did not use. */
function settle(
  kept: Kept,
  allowance: ProfilerBudget | undefined,
  used: { readonly statements: number; readonly seconds: number }
): void {
  if (kept.statements !== undefined) kept.statements += Math.max(0, (allowance?.statements ?? 0) - used.statements);
  if (kept.seconds !== undefined) kept.seconds -= used.seconds;
}
