import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { publishAlone } from './publish-alone.js';
import { readAndParseWindows } from './read-and-parse-windows.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';

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

async function readAndParse(run: Run): Promise<void> {
  await readAndParseWindows(run, {
    read: (activities, unit) => activities.readUsage({ ...run.stage, unit }),
    parse: (activities, unit) => activities.parseUsage({ ...run.stage, unit }),
    parser: 'query parser',
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
