import { condition, continueAsNew, patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { PublishResult } from '../activities/run-plan.js';
import type { RunReport } from '../report/run-report.js';
import { stagePolicy } from './activity-policy.js';
import type { StageCursor, WorkflowInput } from './input.js';
import { Lanes } from './lanes.js';
import { runIngestion, type StagedRun } from './run-ingestion.js';
import { range, together } from './together.js';

/** Runs that began before units were read beside the publishing of scopes go on as they began. */
const READ_BESIDE_SCOPES = 'read-beside-scopes';

/** Units in flight at most, for each of the recipe's threads: read, waiting to be published, published. */
const UNITS_AHEAD = 4;

/** Databases, schemas, tables and procedures of one service, from a `DatabaseMetadata` recipe. */
export async function metadataWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion('metadata', input, stages);
}

async function stages(run: StagedRun): Promise<void> {
  const { identity, plan, state } = run;
  const stage = { identity, plan };
  const deferred = run.cursor === undefined ? await scopesAndUnits(run) : await units(run, run.cursor);

  if (deferred > 0) {
    state.startStage('foreign keys', 1);
    const result = await activities(run, 'foreign keys that waited for their table').addForeignKeys(stage);
    state.finishUnit('foreign keys', result.part);
    state.endStage('foreign keys');
  }
  state.startStage('mark deleted', 1);
  const result = await activities(run, 'mark what the source no longer has').markDeleted(stage);
  state.finishUnit('mark deleted', result.part);
  state.endStage('mark deleted');
}

/** Lists the scopes, then reads units while databases and schemas are published; what they hold is published after them. */
async function scopesAndUnits(run: StagedRun): Promise<number> {
  const { identity, plan, state } = run;
  state.startStage('scopes', 2);
  const listed = await activities(run, 'list databases and schemas').listScopes({ identity, plan });
  state.finishUnit('scopes', listed.part);
  let published = false;
  let deferred = 0;
  const publishScopes = async (): Promise<void> => {
    const result = await activities(run, 'publish databases and schemas').publishScopes({ identity, plan });
    state.finishUnit('scopes', result.part);
    state.endStage('scopes');
    published = true;
  };
  const processUnits = async (): Promise<void> => {
    const cursor: StageCursor = { stage: 'units', unit: 0, units: listed.units, part: state.part, deferred };
    deferred = await units(run, cursor, () => published);
  };
  if (patched(READ_BESIDE_SCOPES)) {
    await together([publishScopes, processUnits], (work) => work());
  } else {
    await publishScopes();
    await processUnits();
  }
  return deferred;
}

/**
 * Extracts and publishes unit by unit: what is read of a unit is published while the rest of it is read, once `mayPublish`.
 * Answers how many foreign keys wait.
 */
async function units(run: StagedRun, from: StageCursor, mayPublish = (): boolean => true): Promise<number> {
  const { identity, plan, state } = run;
  const extracting = new Lanes(plan.threads);
  const publishing = new Lanes(plan.threads);
  let deferred = from.deferred;
  state.startStage('extract', from.units, from.unit);
  state.startStage('publish', from.units, from.unit);

  const process = async (unit: number): Promise<void> => {
    const of = `unit ${unit + 1} of ${from.units}`;
    const extraction = { started: false, ended: false };
    const extract = async (): Promise<void> => {
      const extracted = await extracting.run(() => {
        extraction.started = true;
        return activities(run, `read ${of}`).extractUnit({ identity, plan, unit });
      });
      extraction.ended = true;
      state.finishUnit('extract', extracted.part);
    };
    const publishBeside = async (): Promise<void> => {
      await condition(() => extraction.started && mayPublish());
      const published = await publishing.run(() => publish(run, publishing, unit, of, extraction));
      deferred += published.deferred;
      state.finishUnit('publish', published.part);
    };
    await together([extract, publishBeside], (work) => work());
  };

  let next = from.unit;
  const lane = async (): Promise<void> => {
    while (next < from.units && !workflowInfo().continueAsNewSuggested) {
      next += 1;
      await process(next - 1);
    }
  };
  await together(range(0, Math.min(from.units - from.unit, plan.threads * UNITS_AHEAD)), lane);
  if (next < from.units) {
    const cursor: StageCursor = { stage: 'units', unit: next, units: from.units, part: state.part, deferred };
    await continueAsNew<typeof metadataWorkflow>({ ...run.input, continued: { identity, plan, cursor } });
  }
  state.endStage('extract');
  state.endStage('publish');
  return deferred;
}

/**
 * Publishes a unit beside its extraction, and again when that made it wait too long; when OpenMetadata asks to slow down, waits as long as
 * it says and goes on with one lane less.
 */
async function publish(
  run: StagedRun,
  lanes: Lanes,
  unit: number,
  of: string,
  extraction: { readonly ended: boolean }
): Promise<PublishResult> {
  const { identity, plan } = run;
  for (;;) {
    const result = await activities(run, `publish ${of}`).publishUnit({ identity, plan, unit });
    if (result.retryAfterMs !== undefined) {
      lanes.narrow();
      await sleep(result.retryAfterMs);
    } else if (result.unfinished === true) {
      await condition(() => extraction.ended);
    } else {
      return result;
    }
  }
}

function activities(run: StagedRun, summary: string): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({ ...stagePolicy(run.plan), summary });
}
