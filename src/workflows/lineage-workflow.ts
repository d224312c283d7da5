import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { RunReport } from '../contract/run-report.js';
import { stagePolicy } from './activity-policy.js';
import type { WorkflowInput } from './input.js';
import { Lanes } from './lanes.js';
import { runIngestion, type StagedRun } from './run-ingestion.js';
import { range, together } from './together.js';

/** Table and column lineage from views and the query log of one service, from a `DatabaseLineage` recipe. */
export async function lineageWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion('lineage', input, stages);
}

async function stages(run: StagedRun): Promise<void> {
  const { identity, plan, state } = run;
  const { views = false, queries = false } = plan.lineage ?? {};
  if (views) {
    await stage(run, 'views', 'list views', (activities) => activities.stageViews({ identity, plan }));
    await stage(run, 'parse views', 'parse views', (activities) =>
      activities.parseLineage({ identity, plan, of: 'views' })
    );
  }
  if (queries) await queryLog(run);
  await stage(run, 'merge', 'unite edges', (activities) => activities.mergeLineage({ identity, plan }));

  state.startStage('publish', 1);
  const lanes = new Lanes(Math.max(plan.threads, PUBLISH_LANES));
  for (;;) {
    const result = await proxy(run, 'publish edges').publishLineage({ identity, plan, lanes: lanes.limit });
    if (result.retryAfterMs === undefined) {
      state.finishUnit('publish', result.part);
      break;
    }
    lanes.narrow();
    await sleep(result.retryAfterMs);
  }
  state.endStage('publish');
}

/** Edges sent at once when the recipe's threads say less: each is two small requests. */
const PUBLISH_LANES = 4;

/** Reads and parses window by window: while one is parsed the next is read. */
async function queryLog(run: StagedRun): Promise<void> {
  const { identity, plan, state } = run;
  state.startStage('windows', 1);
  const planned = await proxy(run, 'cut the query log into windows').planWindows({ identity, plan });
  state.finishUnit('windows', planned.part);
  state.endStage('windows');

  const reading = new Lanes(plan.threads);
  const parsing = new Lanes(1);
  state.startStage('read', planned.units);
  state.startStage('parse', planned.units);
  for (let first = 0; first < planned.units; first += WINDOWS_AHEAD) {
    await together(range(first, Math.min(planned.units, first + WINDOWS_AHEAD)), async (unit) => {
      const of = `window ${unit + 1} of ${planned.units}`;
      const read = await reading.run(() => proxy(run, `read ${of}`).readLog({ identity, plan, unit }));
      state.finishUnit('read', read.part);
      const parsed = await parsing.run(() => proxy(run, `parse ${of}`).parseLineage({ identity, plan, of: unit }));
      state.finishUnit('parse', parsed.part);
    });
  }
  state.endStage('read');
  state.endStage('parse');
}

/** Windows whose activities are under way or waiting at once. */
const WINDOWS_AHEAD = 50;

async function stage(
  run: StagedRun,
  name: string,
  summary: string,
  work: (activities: ReturnType<typeof proxy>) => ReturnType<Activities['stageViews']>
): Promise<void> {
  run.state.startStage(name, 1);
  const { part } = await work(proxy(run, summary));
  run.state.finishUnit(name, part);
  run.state.endStage(name);
}

function proxy(run: StagedRun, summary: string): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({ ...stagePolicy(run.plan), summary });
}
