import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { Lanes, lanesOf } from './lanes.js';
import { publishAlone } from './publish-alone.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';
import { eachUnit } from './units.js';

/** The most windows under way per lane: read, waiting to be parsed, parsed. */
const WINDOWS_AHEAD = 2;

interface Kept {
  windows: number;
}

type Run = StagedRun<Kept>;

/** How often the tables of one service are used, by whom and joined with what, from a `DatabaseUsage` recipe. */
export async function usageWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion<Kept>(input, {
    kind: 'usage',
    begin: () => ({ windows: 0 }),
    stages: { windows: planWindows, queries: readAndParse, usage: addUp, publish },
  });
}

async function planWindows(run: Run): Promise<void> {
  const { units } = await run.single('windows', () =>
    run.read('cut the query log into windows', (activities) => activities.planUsageWindows(run.stage))
  );
  run.kept.windows = units;
}

/** Reads and parses window by window: while some are parsed, others are read. */
async function readAndParse(run: Run): Promise<void> {
  const { kept, plan, state } = run;
  const reading = run.lanes('source', lanesOf(plan));
  const parsing = new Lanes(lanesOf(plan));
  const atOnce = lanesOf(plan) * WINDOWS_AHEAD;
  await eachUnit(run, { units: kept.windows, shown: ['read', 'query parser'], atOnce }, async (unit) => {
    const of = `window ${unit + 1} of ${kept.windows}`;
    const read = await reading.run(() =>
      run.read(`read ${of}`, (activities) => activities.readUsage({ ...run.stage, unit }))
    );
    state.finishUnit('read', read.part);
    const parsed = await parsing.run(() =>
      run.parse(`parse ${of}`, (activities) => activities.parseUsage({ ...run.stage, unit }))
    );
    state.finishUnit('query parser', parsed.part);
  });
}

async function addUp(run: Run): Promise<void> {
  await run.single('table usage', () =>
    run.work('add up the uses of tables', (activities) => activities.aggregateUsage(run.stage))
  );
}

/** A count that is looked up before it is sent must not be sent by another run in between. */
async function publish(run: Run): Promise<void> {
  await run.whenUnpaused();
  await run.single('publish', () => publishAlone(run));
}
