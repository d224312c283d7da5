import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { lanesOf, type Lanes } from './lanes.js';
import { readAndParseWindows } from './read-and-parse-windows.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';
import { eachUnit } from './units.js';

/** Edges sent at once even when the recipe has fewer threads: each is two small requests. */
const PUBLISH_LANES = 4;

interface Kept {
  windows: number;
  /** Units of merged edges and statements. */
  edges: number;
}

type Run = StagedRun<Kept>;

/** Table and column lineage from views and the query log of one service, from a `DatabaseLineage` recipe. */
export async function lineageWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion<Kept>(input, {
    kind: 'lineage',
    begin: () => ({ windows: 0, edges: 0 }),
    stages: { views, windows: planWindows, queries: readAndParse, merge, removeOld, publish, markViews },
  });
}

async function views(run: Run): Promise<void> {
  if (run.plan.lineage?.views !== true) return;
  await run.single('views', () => run.read('list views', (activities) => activities.stageViews(run.stage)));
  await run.single('parse views', () =>
    run.parse('parse views', (activities) => activities.parseLineage({ ...run.stage, of: 'views' }))
  );
}

async function planWindows(run: Run): Promise<void> {
  if (run.plan.lineage?.queries !== true) return;
  const { units } = await run.single('windows', () =>
    run.read('cut the query log into windows', (activities) => activities.planWindows(run.stage))
  );
  run.kept.windows = units;
}

async function readAndParse(run: Run): Promise<void> {
  if (run.plan.lineage?.queries !== true) return;
  await readAndParseWindows(run, {
    read: (activities, unit) => activities.readLog({ ...run.stage, unit }),
    parse: (activities, unit) => activities.parseLineage({ ...run.stage, of: unit }),
    parser: 'parse',
  });
}

async function merge(run: Run): Promise<void> {
  const { units } = await run.single('merge', () =>
    run.work('unite edges', (activities) => activities.mergeLineage(run.stage))
  );
  run.kept.edges = units;
}

/** Removes the views' old lineage before the first new edge is sent. */
async function removeOld(run: Run): Promise<void> {
  if (run.plan.lineage?.overrideViews !== true) return;
  const lanes = sendingLanes(run);
  const { part } = await run.publish(lanes, 'remove the lineage that views have', (activities) =>
    activities.removeViewLineage({ ...run.stage, lanes: lanes.limit })
  );
  run.state.count(part);
}

/** Publishes edges unit by unit. The lanes are those of all units together. */
async function publish(run: Run): Promise<void> {
  const { kept, plan, state } = run;
  const lanes = sendingLanes(run);
  const atOnce = lanesOf(plan);
  await eachUnit(run, { units: kept.edges, shown: ['publish'], atOnce }, async (unit) => {
    const { part } = await lanes.run(() =>
      run.publish(lanes, `publish edges ${unit + 1} of ${kept.edges}`, (activities) =>
        activities.publishLineage({ ...run.stage, unit, lanes: Math.max(1, Math.floor(lanes.limit / atOnce)) })
      )
    );
    state.finishUnit('publish', part);
  });
}

async function markViews(run: Run): Promise<void> {
  if (run.plan.lineage?.views !== true) return;
  const lanes = sendingLanes(run);
  const { part } = await run.publish(lanes, 'mark views as processed', (activities) =>
    activities.markViewsProcessed({ ...run.stage, lanes: lanes.limit })
  );
  run.state.count(part);
}

function sendingLanes(run: Run): Lanes {
  return run.lanes('catalog', Math.max(lanesOf(run.plan), PUBLISH_LANES));
}
