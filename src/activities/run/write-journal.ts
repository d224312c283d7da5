import { JOURNAL, tableJournal, type JournalLine } from '../../contract/journal.js';
import type { RunIdentity } from '../../contract/run-plan.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { qualityJournal } from '../../data-quality/index.js';
import { lineageJournal } from '../../lineage/index.js';
import { metadataJournal } from '../../metadata/index.js';
import { profilerJournal } from '../../profiler/index.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagingStore, StateVersion } from '../../staging/index.js';
import { usageJournal } from '../../usage/index.js';
import { LEFT_OUT, profiledUnits, stagedValues } from '../profiler/profiled-units.js';
import type { StageContext } from './stage-context.js';

/** Leaves the journal of a run among what outlives it. It never costs a run its end: what goes wrong is logged. */
export async function writeJournal(
  store: StagingStore,
  recipe: Recipe,
  { pipelineRunId: run, startedAt }: RunIdentity,
  { recorder, progress }: StageContext
): Promise<void> {
  const service = recipe.source.serviceName;
  try {
    const journal = await journalOf(store, { run, startedAt }, recipe);
    const lines = texts(journal, progress);
    await store.state.write({ service, kind: recipe.kind, name: journalName(recipe) }, { run, startedAt }, lines);
  } catch (error) {
    recorder.note(`The journal of the run was not written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Tests of a table have a journal of their own: each has its recipe. */
function journalName(recipe: Recipe): string {
  const table = recipe.kind === 'data-quality' ? recipe.source.sourceConfig.config.entityFullyQualifiedName : undefined;
  return table === undefined ? JOURNAL : tableJournal(table);
}

async function journalOf(
  store: StagingStore,
  { run, startedAt }: StateVersion,
  { kind, source }: Recipe
): Promise<AsyncIterable<JournalLine>> {
  const slice = (stage: string, name = ONE): { run: string; stage: string; slice: string } => ({
    run,
    stage,
    slice: name,
  });
  switch (kind) {
    case 'metadata': {
      const units = [...(await store.slices(run, STAGES.extract))].sort();
      return metadataJournal({
        store,
        service: source.serviceName,
        scopes: slice(STAGES.scopes),
        units: units.map((unit) => ({
          extracted: slice(STAGES.extract, unit),
          published: slice(STAGES.publish, unit),
        })),
      });
    }
    case 'lineage': {
      const published = await store.slices(run, STAGES.publishedEdges);
      return lineageJournal({
        store,
        views: slice(STAGES.views),
        merged: slice(STAGES.merged),
        published: published.map((name) => slice(STAGES.publishedEdges, name)),
      });
    }
    case 'profiler':
      return profilerJournal({
        leftOut: stagedValues(store, slice(STAGES.profiledTables, LEFT_OUT)),
        units: profiledUnits(store, run),
      });
    case 'usage':
      return usageJournal({
        store,
        usage: slice(STAGES.usage),
        published: slice(STAGES.publishedUsage),
        now: startedAt,
      });
    case 'data-quality': {
      const units = [...(await store.slices(run, STAGES.testResults))].filter((unit) => /^\d+$/.test(unit));
      return qualityJournal({
        store,
        units: units
          .sort((one, other) => Number(one) - Number(other))
          .map((unit) => ({
            results: slice(STAGES.testResults, unit),
            published: slice(STAGES.publishedResults, unit),
          })),
      });
    }
  }
}

/** Lines between two signs of life. */
const LINES = 10_000;

async function* texts(lines: AsyncIterable<JournalLine>, progress: () => void): AsyncGenerator<string> {
  let count = 0;
  for await (const line of lines) {
    yield JSON.stringify(line);
    count += 1;
    if (count % LINES === 0) progress();
  }
}
