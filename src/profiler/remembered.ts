import { z } from 'zod';
import { openSplit, type OpenSplit } from '../measures/index.js';
import type { SchemaFacts, TableFacts } from '../sources/index.js';

/** What is kept about a table's last profile, so that it isn't profiled again as long as nothing changes. */
export const rememberedTable = z.object({
  /** Fingerprint of the plan that the profile was made with. */
  hash: z.string(),
  /** The source's clock just before the profile was measured, epoch milliseconds. */
  asOf: z.number(),
  mark: z.string().optional(),
  /** The last change that the source showed then, epoch milliseconds; absent in memories of earlier releases. */
  changedAt: z.number().optional(),
  /** Of the profile. */
  timestamp: z.number(),
  /** Measures that the engine refused. */
  suspects: z.array(z.string()).optional(),
  /**
   * A custom metric or the rows to show failed, or it was cut short: the table is profiled again even if nothing
   * changes.
   */
  lacks: z.literal(true).optional(),
  /** The budget ended its measuring, or the run was ended in its midst. */
  cut: z.literal(true).optional(),
  /** When it was profiled before it was cut; 0 if it never was. */
  waitsSince: z.number().optional(),
  /** Statements that it had split by then, and that aren't settled. */
  splits: z.array(openSplit).optional(),
  /** The budget ended its measuring, which learnt nothing new: its profile takes so many statements at least. */
  takes: z.number().optional(),
});

export type RememberedTable = z.infer<typeof rememberedTable>;

/** By the tables' FQNs. */
export type RememberedTables = ReadonlyMap<string, RememberedTable>;

/**
 * True when the source proves that nothing changed since the last profile, which was made with an equal plan. A change
 * in the same smallest unit of the source's clock as the last measuring counts as a change, and so does another time of
 * the last change than was known then: MariaDB gives what is committed the time when its transaction began.
 */
export function isUnchanged(
  before: RememberedTable | undefined,
  hash: string,
  changed: TableFacts['changed']
): boolean {
  if (before === undefined || changed === undefined || before.hash !== hash || before.lacks === true) return false;
  if ('time' in changed && changed.time > before.asOf) return false;
  if ('time' in changed && before.changedAt !== undefined && changed.time !== before.changedAt) return false;
  return changed.mark === undefined || changed.mark === before.mark;
}

/** Why a table gets no profile. */
export function unchangedSince({ timestamp }: Pick<RememberedTable, 'timestamp'>): string {
  return `nothing changed since its profile of ${new Date(timestamp).toISOString()} (skipUnchanged)`;
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
    ...(changed !== undefined && 'time' in changed ? { changedAt: changed.time } : {}),
  };
}

/** What is known of a table that was cut short: measures that are refused, and statements some of which are. */
interface Learnt {
  readonly suspects?: Iterable<string> | undefined;
  readonly splits?: readonly OpenSplit[] | undefined;
}

/** What ended it was the budget: after so many statements, or its time. */
interface Spent {
  readonly sent?: number;
  readonly isOutOfTime?: boolean;
}

/**
 * What to remember about a table that was cut short: what was refused is not asked for again, and what was split is
 * gone on with. As long as each try learns something, the table waits as if it had not been begun, behind those that
 * were not; else it comes behind all others, since it may never get through.
 * @param before what was known before
 * @param now of this try
 */
export function rememberCut(
  kept: RememberedTable,
  before: Learnt & { readonly lastProfile?: number | undefined },
  now: Learnt & Spent
): RememberedTable {
  const suspects = [...new Set([...(before.suspects ?? []), ...(now.suspects ?? [])])];
  const { splits = [], sent, isOutOfTime = false } = now;
  const learnt = hasLearnt(before, { suspects, splits });
  return {
    ...kept,
    ...(learnt && !isOutOfTime ? { waitsSince: before.lastProfile ?? 0 } : { timestamp: kept.timestamp + 1 }),
    lacks: true,
    cut: true,
    ...(suspects.length === 0 ? {} : { suspects }),
    ...(splits.length === 0 ? {} : { splits: [...splits] }),
    ...(learnt || sent === undefined ? {} : { takes: sent + 1 }),
  };
}

/** Whether something is known by now that was not known before. */
export function hasLearnt(before: Learnt, { suspects = [], splits = [] }: Learnt): boolean {
  const earlier = new Set(before.suspects);
  return (
    [...suspects].some((key) => !earlier.has(key)) || JSON.stringify(splits) !== JSON.stringify(before.splits ?? [])
  );
}
