import { STAGES } from '../../contract/stage-names.js';
import { leaveSent } from '../../usage/index.js';
import { sliceOf, type EarlyEnd } from '../run/kind-work.js';

/**
 * What a run that didn't reach its end leaves to the next one: the costs and joins that it sent. Never fails the run: a
 * fault becomes a note.
 */
export async function leaveSentUsage(ended: EarlyEnd): Promise<void> {
  const { store, recipe, run, startedAt, recorder } = ended;
  try {
    await leaveSent({
      store,
      service: recipe.source.serviceName,
      version: { run, startedAt },
      from: sliceOf(ended, STAGES.publishedUsage),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    recorder.note(
      `The costs and joins that were sent are not remembered, and these costs are sent again by the next run: ${reason}`
    );
  }
}
