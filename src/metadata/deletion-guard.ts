import type { PartRecorder } from '../report/index.js';
import { EVERYTHING } from '../contract/part-report.js';
import { countWords } from '../contract/count-words.js';

/** Share of the previous entities that may be marked deleted unless the recipe says otherwise, percent. */
const DEFAULT_PERCENT = 20;
/** In a small service an honest clean-up may exceed the share: this many are allowed if they are less than half. */
const ALWAYS_ALLOWED = 10;
const ALL_PERCENT = 100;

/**
 * What there is on either side before anything is marked. Entities of all kinds, containers with all that they contain.
 */
export interface GuardInput {
  /** How many there were at the end of the last run without doubts; in the catalog now, if no such run is known. */
  readonly stood: number;
  /** How many of these later runs marked, or are about to. */
  readonly marked: number;
  /** Of `marked`, how many other runs are about to mark that are under way. */
  readonly beside: number;
  /** Entities that would go now. */
  readonly gone: number;
  /** The source showed no table and no procedure at all. */
  readonly showsNothing: boolean;
  /** The recipe's `workflowConfig.config.maxDeletedPercent`, 0–100, exact when given. */
  readonly maxDeletedPercent: number | undefined;
  /** The next run will know what this one marks. */
  readonly remembers: boolean;
}

/**
 * How many entities this run may mark deleted. A listing that went wrong in an unforeseen way must not empty a catalog.
 */
export function allowedDeletions(input: GuardInput): number {
  const { gone, showsNothing, maxDeletedPercent, remembers } = input;
  // The one way to say that an emptied source is meant.
  if (maxDeletedPercent === ALL_PERCENT) return gone;
  if (showsNothing) return 0;
  const left = leftOf(input);
  // A share that nobody remembers is granted again each night, until nothing is left.
  return remembers || gone <= left ? left : 0;
}

/** What the share leaves to this run. */
function leftOf({ stood, marked, gone, maxDeletedPercent }: GuardInput): number {
  return Math.max(0, shareOf(stood, marked + gone, maxDeletedPercent) - marked);
}

/** The share that lets all of it go, percent. */
function neededPercent({ stood, marked, gone, showsNothing }: GuardInput): number {
  return showsNothing ? ALL_PERCENT : Math.min(ALL_PERCENT, Math.ceil(((marked + gone) * ALL_PERCENT) / stood));
}

function shareOf(stood: number, wanted: number, maxDeletedPercent: number | undefined): number {
  const share = Math.floor((stood * (maxDeletedPercent ?? DEFAULT_PERCENT)) / 100);
  if (maxDeletedPercent !== undefined) return share;
  const few = Math.min(wanted, ALWAYS_ALLOWED);
  return 2 * few < stood ? Math.max(share, few) : share;
}

/** Says what the guard holds back, and that the next run must not rely on this one. */
export function reportHeldBack(
  recorder: PartRecorder,
  input: GuardInput,
  held: { readonly count: number; readonly first: string; readonly service: string }
): void {
  const { count, first, service } = held;
  recorder.questioned(EVERYTHING);
  recorder.count('sink', { warnings: 1 });
  recorder.incomplete(
    `${service}: ${whatIsGone(input)}; held back: ${count}, the first is ${first}. If all of them are to go, set workflowConfig.config.maxDeletedPercent to ${neededPercent(input)} for one run.`,
    service
  );
}

function whatIsGone(input: GuardInput): string {
  const { stood, marked, beside, gone, showsNothing, remembers } = input;
  if (showsNothing)
    return `the source shows no table and no procedure at all (a user without rights, another host, an empty file?), ${countWords(gone, 'entity', 'entities')} would go`;
  const before = marked > beside ? ` and ${marked - beside} went in the runs before` : '';
  const now = beside > 0 ? ` and ${beside} may go in another run that is under way` : '';
  const left = leftOf(input);
  const may =
    remembers || left === 0
      ? `${left} may be marked deleted`
      : `at most ${left} may be marked deleted, and no later run would know of them, so none is (set ingestionPipelineFQN, by which runs remember)`;
  return `${gone} of ${countWords(stood, 'entity', 'entities')} ${gone === 1 ? 'is' : 'are'} gone from the source${before}${now}, ${may}`;
}
