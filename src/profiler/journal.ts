import { z } from 'zod';
import { JOURNAL_OUTCOMES, type JournalLine } from '../contract/journal.js';
import { profileOutcome, publishedLine, rememberedOf } from './unit-lines.js';
import type { ProfiledUnit } from './remember-run.js';

/** A line of the slice that lists a run's tables: one that gets no profile or only part of one, and why. */
export const leftOutLine = z.object({
  fqn: z.string(),
  outcome: z.enum(JOURNAL_OUTCOMES),
  reason: z.exactOptional(z.string()),
});
export type LeftOutLine = z.infer<typeof leftOutLine>;

export interface ProfilerJournalInput {
  readonly leftOut: AsyncIterable<unknown>;
  readonly units: AsyncIterable<ProfiledUnit>;
}

/** What a run did, table by table; includes runs that ended early. */
export async function* profilerJournal({ leftOut, units }: ProfilerJournalInput): AsyncGenerator<JournalLine> {
  for await (const line of leftOut) yield leftOutLine.parse(line);
  for await (const { tables, profiles, published, ended } of units) {
    const sent = new Map<string, z.infer<typeof publishedLine>>();
    for await (const line of published) {
      const parsed = publishedLine.parse(line);
      sent.set(parsed.fqn, parsed);
    }
    const measured = new Set<string>();
    const cut = new Set<string>();
    for await (const line of profiles) {
      const begun = rememberedOf(line);
      if (begun?.cut === true) cut.add(begun.fqn);
      const done = profileOutcome(line);
      if (done === undefined) continue;
      const { fqn, failed, unchanged } = done;
      measured.add(fqn);
      if (failed !== undefined) yield { fqn, outcome: 'failed', reason: failed };
      else if (unchanged !== undefined) yield { fqn, outcome: 'unchanged', reason: unchanged };
      else yield { fqn, ...outcomeOf(sent.get(fqn)) };
    }
    const [reason, inItsMidst] = ended ? [BUDGET_SPENT, CUT_SHORT] : ['the run ended before its turn', ENDED];
    for (const { fqn } of tables)
      if (!measured.has(fqn)) yield { fqn, outcome: 'filtered', reason: cut.has(fqn) ? inItsMidst : reason };
  }
}

function outcomeOf(sent: z.infer<typeof publishedLine> | undefined): Omit<JournalLine, 'fqn'> {
  if (sent === undefined) return { outcome: 'read' };
  if (sent.ok) return { outcome: 'written' };
  return { outcome: 'refused', ...(sent.reason === undefined ? {} : { reason: sent.reason }) };
}

const BUDGET_SPENT = 'the budget of the run was spent before its turn; the oldest profiles come first in the next one';
const CUT_SHORT =
  'the budget of the run was spent in its midst; in the next one it comes behind the tables that had no turn';
const ENDED = 'the run ended in its midst; the next one goes on there';
