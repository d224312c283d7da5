import { JOURNAL, type JournalLine } from '../../contract/journal.js';
import type { RunIdentity } from '../../contract/run-plan.js';
import { ONE, STAGES } from '../../contract/stage-names.js';
import { lineageJournal } from '../../lineage/index.js';
import { metadataJournal } from '../../metadata/index.js';
import { profilerJournal } from '../../profiler/index.js';
import type { Recipe, RecipeOf } from '../../recipe/index.js';
import type { StagingStore, StateAddress, StateVersion } from '../../staging/index.js';
import { usageJournal } from '../../usage/index.js';
import { qualityJournals } from '../data-quality/quality-journals.js';
import { LEFT_OUT, profiledUnits, stagedValues } from '../profiler/profiled-units.js';
import type { StageContext } from './stage-context.js';

/** Leaves the journal of a run among what outlives it. It never costs a run its end: what goes wrong is logged. */
export async function writeJournal(
  store: StagingStore,
  recipe: Recipe,
  { pipelineRunId: run, startedAt }: RunIdentity,
  { recorder, progress }: StageContext
): Promise<void> {
  try {
    for await (const { address, lines } of journalsOf(store, { run, startedAt }, recipe))
      await store.state.write(address, { run, startedAt }, texts(lines, progress));
  } catch (error) {
    recorder.note(`The journal of the run was not written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Journal {
  readonly address: StateAddress;
  readonly lines: AsyncIterable<JournalLine>;
}

async function* journalsOf(store: StagingStore, version: StateVersion, recipe: Recipe): AsyncGenerator<Journal> {
  if (recipe.kind === 'data-quality') return yield* qualityJournals(store, version.run, recipe);
  const address = { service: recipe.source.serviceName, kind: recipe.kind, name: JOURNAL };
  yield { address, lines: await journalOf(store, version, recipe) };
}

async function journalOf(
  store: StagingStore,
  { run, startedAt }: StateVersion,
  { kind, source }: Exclude<Recipe, RecipeOf<'data-quality'>>
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
