/** What a run did with one entity. */
export const JOURNAL_OUTCOMES = [
  /** Read, but not (yet) published. */
  'read',
  'written',
  'unchanged',
  'refused',
  /** Left out by the recipe; `reason` says by what of it. */
  'filtered',
  /** It could not be read; `reason` says why. */
  'failed',
  /** It arrived, but for a part; `reason` says which. */
  'incomplete',
  /** The source says that it is gone. */
  'gone',
  /** It is gone from the source, and was marked deleted. */
  'deleted',
  /** It was not seen any more and yet not marked deleted; `reason` says why. */
  'held back',
] as const;
export type JournalOutcome = (typeof JOURNAL_OUTCOMES)[number];

/** A line of a run's journal: what it did, entity by entity. */
export interface JournalLine {
  /** Of an edge the entity it leads to. */
  readonly fqn: string;
  readonly outcome: JournalOutcome;
  readonly reason?: string;
  /** Of an edge: the entity it comes from. */
  readonly from?: string;
  /** Masked: the text that gave the edge, or the `uses`. */
  readonly sql?: string;
  /** Of usage: the UTC day, `2026-11-27`, and the uses of the table that the log shows of it. */
  readonly date?: string;
  readonly count?: number;
  /** Of a text: how often it used the table, by UTC day. */
  readonly uses?: readonly JournalUse[];
  readonly test?: JournalTest;
}

export interface JournalUse {
  /** `2026-11-27` */
  readonly date: string;
  readonly count: number;
}

/** Of data quality: a case and its result. */
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
  /** JSON texts. */
  readonly lines: readonly string[];
  /** Where the next page begins; absent: this was the last one. */
  readonly next?: number;
}

export interface JournalPageInput {
  readonly service: string;
  readonly kind: string;
  readonly name: string;
  /** pipelineRunId */
  readonly run: string;
  /** Lines that are left out. */
  readonly from: number;
}

/** Name of the journal among what outlives a run. */
export const JOURNAL = 'journal';

/**
 * The same for the tests of one table, so that recipes of other tables of the service don't push it out. @param table
 * its FQN
 */
export function tableJournal(table: string): string {
  return `${JOURNAL} ${table}`;
}
