import { condition, continueAsNew, patched, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { PublishResult } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
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
  const { deferred, nothingGone } = await (run.cursor === undefined
    ? scopesAndUnits(run)
    : furtherUnits(run, run.cursor));

  if (deferred > 0) {
    state.startStage('foreign keys', 1);
    const result = await activities(run, 'foreign keys that waited for their table').addForeignKeys(stage);
    state.finishUnit('foreign keys', result.part);
    state.endStage('foreign keys');
  }
  if (nothingGone) return;
  state.startStage('mark deleted', 1);
  const result = await activities(run, 'mark what the source no longer has').markDeleted(stage);
  state.finishUnit('mark deleted', result.part);
  state.endStage('mark deleted');
}

/** What publishing leaves to later stages. */
interface Left {
  /** Foreign keys that wait for their table. */
  deferred: number;
  /** True when every part says that the catalog holds nothing which the source did not show. */
  nothingGone: boolean;
}

/** Lists the scopes, then reads units while databases and schemas are published; what they hold is published after them. */
async function scopesAndUnits(run: StagedRun): Promise<Left> {
  const { identity, plan, state } = run;
  state.startStage('scopes', 2);
  const listed = await activities(run, 'list databases and schemas').listScopes({ identity, plan });
  state.finishUnit('scopes', listed.part);
  const left: Left = { deferred: 0, nothingGone: true };
  let published = false;
  const publishScopes = async (): Promise<void> => {
    const result = await activities(run, 'publish databases and schemas').publishScopes({ identity, plan });
    state.finishUnit('scopes', result.part);
    state.endStage('scopes');
    note(left, result);
    published = true;
  };
  const processUnits = (): Promise<void> => units(run, { unit: 0, units: listed.units }, left, () => published);
  if (patched(READ_BESIDE_SCOPES)) {
    await together([publishScopes, processUnits], (work) => work());
  } else {
    await publishScopes();
    await processUnits();
  }
  return left;
}

/** Goes on with the units behind a continue-as-new. */
async function furtherUnits(run: StagedRun, cursor: StageCursor): Promise<Left> {
  const left: Left = { deferred: cursor.deferred, nothingGone: cursor.nothingGone === true };
  await units(run, cursor, left, () => true);
  return left;
}

/** Parts that say nothing about deletions, as those of an older worker, are looked at when deletions are due. */
function note(left: Left, { deferred = 0, nothingGone = false }: { deferred?: number; nothingGone?: boolean }): void {
  left.deferred += deferred;
  left.nothingGone &&= nothingGone;
}

/** Extracts and publishes unit by unit: what is read of a unit is published while the rest of it is read, once `mayPublish`. */
async function units(
  run: StagedRun,
  from: Pick<StageCursor, 'unit' | 'units'>,
  left: Left,
  mayPublish: () => boolean
): Promise<void> {
  const { identity, plan, state } = run;
  const extracting = new Lanes(plan.threads);
  const publishing = new Lanes(plan.threads);
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
      note(left, published);
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
    const cursor: StageCursor = { stage: 'units', unit: next, units: from.units, part: state.part, ...left };
    await continueAsNew<typeof metadataWorkflow>({ ...run.input, continued: { identity, plan, cursor } });
  }
  state.endStage('extract');
  state.endStage('publish');
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
