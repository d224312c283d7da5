import type { JournalLine } from '../../contract/journal.js';
import type { RunIdentity } from '../../contract/run-plan.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagingStore } from '../../staging/index.js';
import { workOf } from '../work-of.js';
import type { StageContext } from './stage-context.js';

/** Stores the journal of a run among what outlives it. Never fails the run: a fault is logged. */
export async function writeJournal(
  store: StagingStore,
  recipe: Recipe,
  { pipelineRunId: run, startedAt }: RunIdentity,
  { recorder, progress }: StageContext
): Promise<void> {
  try {
    for await (const { address, lines } of workOf(recipe.kind).journals({ store, recipe, run, startedAt }))
      await store.state.write(address, { run, startedAt }, texts(lines, progress));
  } catch (error) {
    recorder.note(`The journal of the run was not written: ${error instanceof Error ? error.message : String(error)}`);
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
