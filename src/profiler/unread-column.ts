import type { ColumnProfile } from '../openmetadata/index.js';
import { INGREDIENTS } from './describe-problems.js';
import { keyOf } from './profile-asks.js';
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
