import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { lanesOf } from './lanes.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';
import { eachUnit } from './units.js';

interface Kept {
  /** How many there are: tables with their tests, and comparisons of tables. */
  units: number;
}

type Run = StagedRun<Kept>;

/** The tests of a table, or of a logical suite, from a `TestSuite` recipe. */
export async function testSuiteWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion<Kept>(input, {
    kind: 'data-quality',
    begin: () => ({ units: 0 }),
    stages: { tests: (run) => list(run, input.only ?? []), results: runAndPublish },
  });
}

async function list(run: Run, only: readonly string[]): Promise<void> {
  const { units } = await run.single('tests', () =>
    run.work('list the tests', (activities) => activities.listTests({ ...run.stage, only }))
  );
  run.kept.units = units;
}

/** Runs and publishes unit by unit: while some are published, others run. */
async function runAndPublish(run: Run): Promise<void> {
  const { kept, plan, state } = run;
  const running = run.lanes('source', lanesOf(plan));
  const publishing = run.lanes('catalog', lanesOf(plan));
  const atOnce = lanesOf(plan) * 2;
  await eachUnit(run, { units: kept.units, shown: ['run', 'publish'], atOnce }, async (unit) => {
    const of = `unit ${unit + 1} of ${kept.units}`;
    const ran = await running.run(() =>
      run.read(`test ${of}`, (activities) => activities.runTests({ ...run.stage, unit }))
    );
    state.finishUnit('run', ran.part);
    const published = await publishing.run(() =>
      run.publish(publishing, `publish ${of}`, (activities) => activities.publishResults({ ...run.stage, unit }))
    );
    state.finishUnit('publish', published.part);
  });
}
