import { z } from 'zod';
import type { SchemaFacts, TableFacts } from '../sources/index.js';

/** What is kept about a table's last profile, so that it isn't profiled again as long as nothing changes. */
export const rememberedTable = z.object({
  /** Fingerprint of the plan that the profile was made with. */
  hash: z.string(),
  /** The source's clock just before the profile was measured, epoch milliseconds. */
  asOf: z.number(),
  mark: z.string().optional(),
  /** Of the profile. */
  timestamp: z.number(),
  /** Measures that the engine refused. */
  suspects: z.array(z.string()).optional(),
  /**
   * A custom metric or the rows to show failed, or the budget was spent midway: the table is profiled again even if
   * nothing changes.
   */
  lacks: z.literal(true).optional(),
  /** The budget ended its measuring. */
  cut: z.literal(true).optional(),
  /** The budget ended its measuring, which learnt nothing new: its profile takes so many statements at least. */
  takes: z.number().optional(),
});

export type RememberedTable = z.infer<typeof rememberedTable>;

/** By the tables' FQNs. */
export type RememberedTables = ReadonlyMap<string, RememberedTable>;

/**
 * True when the source proves that nothing changed since the last profile, which was made with an equal plan. A change
 * in the same smallest unit of the source's clock as the last measuring counts as a change.
 */
export function isUnchanged(
  before: RememberedTable | undefined,
  hash: string,
  changed: TableFacts['changed']
): boolean {
  if (before === undefined || changed === undefined || before.hash !== hash || before.lacks === true) return false;
  if ('time' in changed && changed.time > before.asOf) return false;
  return changed.mark === undefined || changed.mark === before.mark;
}

/** What to remember about a table that is profiled now. */
export function remember(
  hash: string,
  facts: Pick<SchemaFacts, 'asOf'>,
  changed: TableFacts['changed'],
  timestamp: number
): RememberedTable {
  return {
    hash,
    asOf: facts.asOf,
    timestamp,
    ...(changed?.mark === undefined ? {} : { mark: changed.mark }),
  };
}

/**
 * What to remember about a table in whose midst the budget was spent: it comes behind all others, and what was refused
 * is not asked for again.
 * @param sent statements
 * @param suspects measures that were refused before
 * @param refused those of this run
 */
export function rememberCut(
  kept: RememberedTable,
  sent: number,
  suspects: Iterable<string>,
  refused: Iterable<string>
): RememberedTable {
  const earlier = new Set(suspects);
  const all = new Set([...earlier, ...refused]);
  return {
    ...kept,
    // also those that were profiled in this run
    timestamp: kept.timestamp + 1,
    lacks: true,
    cut: true,
    ...(all.size === 0 ? {} : { suspects: [...all] }),
    ...(all.size > earlier.size ? {} : { takes: sent + 1 }),
  };
}
