import type { ColumnProfile } from '../openmetadata/index.js';
import { INGREDIENTS } from './describe-problems.js';
import { keyOf } from './profile-asks.js';
import { MULTIPLIED, type Asked } from './refused-before.js';
import type { ColumnPlan } from './table-plan.js';

/** Nothing but a name and a time. */
export function isWithoutValues(profile: ColumnProfile): boolean {
  return Object.keys(profile).length <= 2;
}

/**
 * The source refused all that was asked of the column, and the report says so. A profile without values would be the
 * latest one, and OpenMetadata would show it in place of what was measured before. One of an empty table is kept: it
 * was measured.
 */
export function isUnread(
  column: ColumnPlan,
  profile: ColumnProfile,
  problems: { readonly has: (key: string) => boolean }
): boolean {
  return isWithoutValues(profile) && INGREDIENTS.some((each) => problems.has(keyOf(column, each)));
}

/**
 * Means, sums and deviations of columns that have no values for another reason: no statement asks for them, and they
 * are lacking for the reason that the others are.
 * @param unread columns all else of which was refused
 */
export function lackingMultiples(
  { ofMultiples }: Asked,
  unread: readonly ColumnPlan[],
  problems: ReadonlyMap<string, string>
): (readonly [key: string, reason: string])[] {
  return unread.flatMap((column) => {
    const reason = INGREDIENTS.flatMap((each) => problems.get(keyOf(column, each)) ?? [])[0];
    const keys = MULTIPLIED.map((each) => keyOf(column, each)).filter((key) => ofMultiples.has(key));
    return reason === undefined ? [] : keys.map((key) => [key, reason] as const);
  });
}
