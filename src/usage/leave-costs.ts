import type { SliceAddress, StagingStore, StateVersion } from '../staging/index.js';
import { begunIn, publishedLines } from './published-line.js';
import { rememberCosts } from './remember-costs.js';

export interface LeaveCosts {
  readonly store: StagingStore;
  readonly service: string;
  readonly version: StateVersion;
  /** What the run published. */
  readonly from: SliceAddress;
}

/**
 * Keeps for the next run the costs that were sent by one that ended before it had sent all. Of the batch that was cut
 * off it is not known which are there: the next run sends those again. Repeatable.
 */
export async function leaveCosts({ store, service, version, from }: LeaveCosts): Promise<void> {
  const last = (await store.manifest(from)).at(-1);
  // A run that has sent all has kept them as well.
  if (last === undefined || last.last) return;
  const cutOff = (await begunIn(store, last))?.costs ?? [];
  await rememberCosts({ store, service, version, published: publishedLines(store, from), cutOff });
}
