import type { RunIdentity } from '../../contract/run-plan.js';
import type { Recipe } from '../../recipe/index.js';
import type { StagingStore } from '../../staging/index.js';
import type { StageContext } from '../run/stage-context.js';
import { rememberStaged } from './remember-profiles.js';

/**
 * What a run that didn't reach its end leaves to the next one: the tables it profiled. Never fails the run: a fault
 * becomes a note.
 */
export async function rememberEarlyEnd(
  store: StagingStore,
  { source }: Pick<Recipe, 'source'>,
  { pipelineRunId: run, startedAt }: Pick<RunIdentity, 'pipelineRunId' | 'startedAt'>,
  { recorder }: Pick<StageContext, 'recorder'>
): Promise<void> {
  try {
    await rememberStaged(store, source.serviceName, { run, startedAt });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    recorder.note(`What was profiled is not remembered, and is profiled again by the next run: ${reason}`);
  }
}
