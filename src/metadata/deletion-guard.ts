/** Share of a scope that one run may mark deleted when the recipe says nothing, percent. */
const DEFAULT_PERCENT = 20;
/** In a small scope a share is less than one honest clean-up; without a share in the recipe this many are always allowed. */
const ALWAYS_ALLOWED = 10;

/**
 * How many of a scope's entities one run may mark deleted. A listing gone wrong in a way nobody foresaw must not empty a catalog.
 * @param live entities in the scope now
 * @param maxDeletedPercent the recipe's `workflowConfig.config.maxDeletedPercent`, 0–100, exact when given
 */
export function allowedDeletions(live: number, maxDeletedPercent: number | undefined): number {
  if (maxDeletedPercent !== undefined) return Math.floor((live * maxDeletedPercent) / 100);
  return Math.max(ALWAYS_ALLOWED, Math.floor((live * DEFAULT_PERCENT) / 100));
}
