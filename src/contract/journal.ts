/** What a run did with one entity. */
export const JOURNAL_OUTCOMES = [
  /** Read, but not (yet) published. */
  'read',
  'written',
  'unchanged',
  'refused',
  /** Left out by the recipe; `reason` says which part of it. */
  'filtered',
  /** It could not be read; `reason` says why. */
  'failed',
  /** It arrived, except for a part; `reason` says which. */
  'incomplete',
  /** The source says that it no longer exists. */
  'gone',
  /** It is gone from the source and was marked deleted. */
  'deleted',
  /** It was no longer seen but not marked deleted; `reason` says why. */
  'held back',
] as const;
export type JournalOutcome = (typeof JOURNAL_OUTCOMES)[number];

/** A line of a run's journal. */
export interface JournalLine {
  /** For an edge, the entity it leads to. */
  readonly fqn: string;
  readonly outcome: JournalOutcome;
  readonly reason?: string;
  /** For an edge, the entity it comes from. */
  readonly from?: string;
  /** Masked: the statement that gave the edge, or the `uses`. */
  readonly sql?: string;
  /** For usage: the UTC day, `2026-11-27`, and how often the log shows the table used on it. */
  readonly date?: string;
  readonly count?: number;
  /** For a statement: how often it used the table, by UTC day. */
  readonly uses?: readonly JournalUse[];
  readonly test?: JournalTest;
}

export interface JournalUse {
  /** `2026-11-27` */
  readonly date: string;
  readonly count: number;
}

/** For data quality: a case and its result. */
export interface JournalTest {
  /** FQN */
  readonly table: string;
  readonly column?: string;
  readonly name: string;
  readonly definition: string;
  readonly status: 'Success' | 'Failed' | 'Aborted' | 'Queued';
  readonly text: string;
}

/** Part of the lines of a journal. */
export interface JournalPage {
  /** As JSON. */
  readonly lines: readonly string[];
  /** Where the next page begins; absent on the last page. */
  readonly next?: number;
}

export interface JournalPageInput {
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  /** pipelineRunId */
  readonly run: string;
  /** Lines left out. */
  readonly from: number;
}

/** The journal's name among what outlives a run. */
export const JOURNAL = 'journal';

/**
 * The same for the tests of one table, so that recipes for other tables of the service don't push it out. @param table
 * its FQN
 */
export function tableJournal(table: string): string {
  return `${JOURNAL} ${table}`;
}
