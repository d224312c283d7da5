import type { SliceAddress, StagingStore } from '../staging/index.js';
import type { Catalog } from './catalog.js';
import { DeletionBudget } from './deletion-budget.js';
import { mapLimited } from '../openmetadata/index.js';
import { deletionLine, goneIn, type GoneLine } from './staged-deletion.js';

/**
 * Chunks that a run may have marked of when it ended, without their entries: one is worked on while that of the one
 * before is written.
 */
const UNDER_WAY = 2;
/** Entities asked for at once. */
const AT_ONCE = 4;

/**
 * Entities that the run marked, with all that they hold.
 * @param catalog asked about what a run that did not reach its end was just marking; absent for one that did
 */
export async function countMarked(
  store: StagingStore,
  slices: { readonly gone: SliceAddress; readonly marked: SliceAddress },
  allowed: number,
  catalog?: Pick<Catalog, 'find'>
): Promise<number> {
  const entries = await store.manifest(slices.marked);
  const marked = new Set<string>();
  for (const entry of entries) {
    for (const value of await store.read(entry)) {
      const line = deletionLine.parse(value);
      if (line.kind === 'marked') marked.add(line.fqn);
    }
  }
  const budget = new DeletionBudget(allowed);
  const underWay: GoneLine[] = [];
  let count = 0;
  for (const [n, entry] of (await store.manifest(slices.gone)).entries()) {
    for (const line of await goneIn(store, entry)) {
      if (!budget.take(line)) continue;
      if (marked.has(line.fqn)) count += line.entities;
      else if (n >= entries.length && n < entries.length + UNDER_WAY) underWay.push(line);
    }
  }
  if (catalog === undefined) return count;
  const live = await mapLimited(underWay, AT_ONCE, ({ kind, fqn }) => catalog.find(kind, fqn));
  return underWay.reduce((sum, { entities }, index) => (live[index] === undefined ? sum + entities : sum), count);
}
