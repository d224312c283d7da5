import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { JournalPage, JournalPageInput } from '../contract/journal.js';

const { journalPage } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

/**
 * Asks a worker for a part of a run's journal; `om-ingest run --junit` starts it. Null when its store does not have it.
 */
export async function journalWorkflow(input: JournalPageInput): Promise<JournalPage | null> {
  return journalPage(input);
}
