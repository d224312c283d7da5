import type { SliceAddress, StagingStore, StateVersion } from '../staging/index.js';
import { begunIn, publishedLines } from './published-line.js';
import { rememberCosts } from './remember-costs.js';
import { rememberJoins } from './remember-joins.js';

export interface LeaveSent {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  /** What the run published. */
  readonly from: SliceAddress;
}

/**
 * Keeps for the next run the costs and joins that were sent by one that ended before it had sent all. Of the batch that
 * was cut off it is not known which are there: the next run sends those costs again, and asks for those joins.
 * Repeatable.
 */
export async function leaveSent({ store, service, version, from }: LeaveSent): Promise<void> {
  const last = (await store.manifest(from)).at(-1);
  // A run that has sent all has kept them as well.
  if (last === undefined || last.last) return;
  const begun = await begunIn(store, last);
  const sent = { store, service, version };
  await rememberJoins({ ...sent, published: publishedLines(store, from), cutOff: begun?.days ?? [] });
  await rememberCosts({ ...sent, published: publishedLines(store, from), cutOff: begun?.costs ?? [] });
}
