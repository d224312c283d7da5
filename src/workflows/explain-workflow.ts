import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { ExplainInput, Explanation } from '../contract/explanation.js';

const { explainEntity } = proxyActivities<Activities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

/** Asks a worker what the journals in its staging store say about one entity; `om-ingest explain` starts it. */
export async function explainWorkflow(input: ExplainInput): Promise<Explanation> {
  return explainEntity(input);
}
