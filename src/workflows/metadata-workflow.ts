import { condition } from '@temporalio/workflow';
import type { PublishResult } from '../contract/run-plan.js';
import type { RunReport } from '../contract/run-report.js';
import type { WorkflowInput } from './input.js';
import { Lanes, lanesOf } from './lanes.js';
import { runIngestion } from './run-ingestion.js';
import type { StagedRun } from './staged-run.js';
import { together } from './together.js';
import { eachUnit } from './units.js';

/** The most units under way per lane: waiting to be read, read, waiting to be published, published. */
const UNITS_AHEAD = 4;

interface Kept {
  units: number;
  scopesPublished: boolean;
  /** Foreign keys that are waiting for their table. */
  deferred: number;
  /** True while every part says that the catalog has nothing that the source didn't show. */
  nothingGone: boolean;
}

type Run = StagedRun<Kept>;

/** Databases, schemas, tables and procedures of one service, from a `DatabaseMetadata` recipe. */
export async function metadataWorkflow(input: WorkflowInput): Promise<RunReport> {
  return runIngestion<Kept>(input, {
    kind: 'metadata',
    begin: () => ({ units: 0, scopesPublished: false, deferred: 0, nothingGone: true }),
    stages: { scopes: listScopes, units: scopesAndUnits, foreignKeys: addForeignKeys, deleted: markDeleted },
  });
}

async function listScopes(run: Run): Promise<void> {
  run.state.startStage('scopes', 2);
  const { part, units } = await run.read('list databases and schemas', (activities) =>
    activities.listScopes(run.stage)
  );
  run.state.finishUnit('scopes', part);
  run.kept.units = units;
}

/** Reads units while databases and schemas are published; what they hold is published after them. */
async function scopesAndUnits(run: Run): Promise<void> {
  const steps = [() => readAndPublish(run)];
  if (!run.kept.scopesPublished) steps.unshift(() => publishScopes(run));
  await together(steps, (step) => step());
}

async function publishScopes(run: Run): Promise<void> {
  const result = await run.publish(new Lanes(1), 'publish databases and schemas', (activities) =>
    activities.publishScopes(run.stage)
  );
  run.state.finishUnit('scopes', result.part);
  run.state.endStage('scopes');
  note(run.kept, result);
  run.kept.scopesPublished = true;
}

/**
 * What publishing leaves to later stages. Parts that say nothing about deletions are looked at when deletions are due.
 */
function note(kept: Kept, { deferred = 0, nothingGone = false }: { deferred?: number; nothingGone?: boolean }): void {
  kept.deferred += deferred;
  kept.nothingGone &&= nothingGone;
}

/** Reads and publishes unit by unit: what has been read of a unit is published while the rest is being read. */
async function readAndPublish(run: Run): Promise<void> {
  const { kept, plan, state } = run;
  const reading = run.lanes('source', lanesOf(plan));
  const publishing = run.lanes('catalog', lanesOf(plan));
  const atOnce = lanesOf(plan) * UNITS_AHEAD;
  await eachUnit(run, { units: kept.units, shown: ['extract', 'publish'], atOnce }, async (unit) => {
    const of = `unit ${unit + 1} of ${kept.units}`;
    const extraction = { started: false, ended: false };
    const read = async (): Promise<void> => {
      const { part } = await reading.run(() => {
        extraction.started = true;
        return run.read(`read ${of}`, (activities) => activities.extractUnit({ ...run.stage, unit }));
      });
      extraction.ended = true;
      state.finishUnit('extract', part);
    };
    const publishBeside = async (): Promise<void> => {
      await condition(() => extraction.started && kept.scopesPublished);
      const published = await publishing.run(() => publishUnit(run, publishing, unit, of, extraction));
      note(kept, published);
      state.finishUnit('publish', published.part);
    };
    await together([read, publishBeside], (work) => work());
  });
}

/** Publishes a unit alongside its extraction, and again if that kept it waiting too long. */
async function publishUnit(
  run: Run,
  lanes: Lanes,
  unit: number,
  of: string,
  extraction: { readonly ended: boolean }
): Promise<PublishResult> {
  for (;;) {
    const result = await run.publish(lanes, `publish ${of}`, (activities) =>
      activities.publishUnit({ ...run.stage, unit })
    );
    if (result.unfinished !== true) return result;
    await condition(() => extraction.ended);
  }
}

async function addForeignKeys(run: Run): Promise<void> {
  if (run.kept.deferred === 0) return;
  const summary = 'foreign keys that waited for their table';
  await run.single('foreign keys', () =>
    run.publish(new Lanes(1), summary, (activities) => activities.addForeignKeys(run.stage))
  );
}

async function markDeleted(run: Run): Promise<void> {
  if (run.kept.nothingGone) return;
  await run.single('mark deleted', () =>
    run.read('mark what the source no longer has', (activities) => activities.markDeleted(run.stage))
  );
}
