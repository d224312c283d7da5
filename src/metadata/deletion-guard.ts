import type { PartRecorder } from '../report/index.js';
import { EVERYTHING } from '../contract/part-report.js';

/** Share of what stood that may be marked deleted when the recipe says nothing, percent. */
const DEFAULT_PERCENT = 20;
/**
 * In a small service a share is less than one honest clean-up: this many are allowed as long as they are less than
 * half.
 */
const ALWAYS_ALLOWED = 10;
const ALL_PERCENT = 100;

/** What stands on either side before anything is marked. Entities of all kinds, containers with all that they hold. */
export interface GuardInput {
  /** Entities that stood at the end of the last run without doubts; in the catalog now when no such run is known. */
  readonly stood: number;
  /** Of these, marked by the runs since. */
  readonly marked: number;
  /** Entities that would go now. */
  readonly gone: number;
  /** The source showed no table and no procedure at all. */
  readonly showsNothing: boolean;
  /** The recipe's `workflowConfig.config.maxDeletedPercent`, 0–100, exact when given. */
  readonly maxDeletedPercent: number | undefined;
}

/**
 * How many entities this run may mark deleted. A listing gone wrong in a way nobody foresaw must not empty a catalog.
 */
export function allowedDeletions({ stood, marked, gone, showsNothing, maxDeletedPercent }: GuardInput): number {
  // The one way to say that an emptied source is meant.
  if (maxDeletedPercent === ALL_PERCENT) return gone;
  if (showsNothing) return 0;
  return Math.max(0, shareOf(stood, marked + gone, maxDeletedPercent) - marked);
}

function shareOf(stood: number, wanted: number, maxDeletedPercent: number | undefined): number {
  const share = Math.floor((stood * (maxDeletedPercent ?? DEFAULT_PERCENT)) / 100);
  if (maxDeletedPercent !== undefined) return share;
  const few = Math.min(wanted, ALWAYS_ALLOWED);
  return 2 * few < stood ? Math.max(share, few) : share;
}

/** Says what the guard holds back, and that the next run must not build on this one. */
export function reportHeldBack(
  recorder: PartRecorder,
  input: GuardInput,
  held: { readonly count: number; readonly first: string; readonly service: string }
): void {
  const { count, first, service } = held;
  const { stood, marked, gone, showsNothing } = input;
  recorder.questioned(EVERYTHING);
  recorder.count('sink', { warnings: 1 });
  const what = showsNothing
    ? `the source shows no table and no procedure at all (a user without rights, another host, an empty file?), ${gone} entities would go`
    : `${gone} of ${stood} entities are gone from the source${marked > 0 ? ` and ${marked} went in the runs before` : ''}, ` +
      `${allowedDeletions(input)} may be marked deleted`;
  const remedy = showsNothing ? 'to 100 for one run' : 'for one run';
  recorder.incomplete(
    `${service}: ${what}; held back: ${count}, the first is ${first}. If that is right, set workflowConfig.config.maxDeletedPercent ${remedy}.`,
    service
  );
}
