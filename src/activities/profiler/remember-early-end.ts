import type { EarlyEnd } from '../run/kind-work.js';
import { rememberStaged, tellOf } from './remember-profiles.js';

/**
 * What a run that didn't reach its end leaves to the next one: the tables it profiled. Never fails the run: a fault
 * becomes a note.
 */
export async function rememberEarlyEnd({
  store,
  recipe,
  run,
  startedAt,
  recorder,
}: Omit<EarlyEnd, 'client' | 'signal'>): Promise<void> {
  try {
    tellOf(await rememberStaged(store, recipe.source.serviceName, { run, startedAt }), recorder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    recorder.note(`What was profiled is not remembered, and is profiled again by the next run: ${reason}`);
  }
}
