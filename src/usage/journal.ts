import { dayText } from '../sources/index.js';
import type { JournalLine } from '../contract/journal.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { publishPosition } from './publish-usage.js';
import { keyedPart } from './usage-part.js';
import { DAYS_KEPT, DAY_MS, dayOf } from './utc-day.js';

export interface UsageJournalInput {
  readonly store: StagingStore;
  /** What was added up. */
  readonly usage: SliceAddress;
  readonly published: SliceAddress;
  /** When the run began, milliseconds since the epoch. */
  readonly now: number;
}

/**
 * The uses of each table and day that the log shows, and whether the run came so far as to send what the catalog lacked of them; also of a
 * run that ended early.
 */
export async function* usageJournal({ store, usage, published, now }: UsageJournalInput): AsyncGenerator<JournalLine> {
  const last = (await store.manifest(published)).at(-1)?.position;
  const behind = last === undefined ? { chunk: 0, lines: 0 } : publishPosition.parse(last);
  const oldest = dayOf(now) - (DAYS_KEPT - 1) * DAY_MS;
  for (const [index, entry] of (await store.manifest(usage)).entries()) {
    let line = 0;
    for (const value of await store.read(entry)) {
      const [, part] = keyedPart.parse(value);
      line += 1;
      if (part.kind !== 'day') continue;
      const { fqn, day, count } = part;
      const isBehind = index < behind.chunk || (index === behind.chunk && line <= behind.lines);
      const base = { fqn, date: dayText(day), count };
      if (day < oldest) yield { ...base, outcome: 'filtered', reason: `older than ${DAYS_KEPT} days` };
      else yield { ...base, outcome: isBehind ? 'written' : 'read' };
    }
  }
}
