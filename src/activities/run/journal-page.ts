import type { JournalPage, JournalPageInput } from '../../contract/journal.js';
import { journalPage } from '../../run-context/index.js';
import type { Shared } from './activity-deps.js';
import { inStage } from './stage-context.js';

/** Null: this worker's store has no such journal. */
export function journalPageActivity({ store }: Shared): (input: JournalPageInput) => Promise<JournalPage | null> {
  return (input) => inStage(async ({ progress }) => (await journalPage(store, input, progress)) ?? null);
}
