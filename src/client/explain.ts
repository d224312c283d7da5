import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client } from '@temporalio/client';
import type { ExplainInput, Explanation } from '../contract/explanation.js';
import { SIDE_WORKFLOWS } from '../contract/names.js';
import { beginning, PermanentError } from '../errors/index.js';
import { splitFqn } from '../openmetadata/index.js';

/** Reading nine journals of 50,000 tables takes seconds. */
const TIMEOUT = '15 minutes';

/** What it needs of an `IngestionClient`. */
interface Asking {
  readonly temporal: Client;
  readonly taskQueue: string;
  workers(): Promise<number>;
}

/** Runs `explainWorkflow` and waits for it. See IngestionClient.explain. */
export async function explain(client: Asking, fqn: string): Promise<Explanation> {
  splitFqn(fqn);
  const { temporal, taskQueue } = client;
  if ((await client.workers()) === 0)
    throw new PermanentError(`No worker of the task queue ${taskQueue} is there to look into its journals.`, {
      where: fqn,
      remedy: 'Start one: `om-ingest worker`.',
    });
  const input: ExplainInput = { fqn };
  try {
    return await temporal.workflow.execute<(input: ExplainInput) => Promise<Explanation>>(SIDE_WORKFLOWS.explain, {
      taskQueue,
      workflowId: `om-explain-${randomUUID()}`,
      args: [input],
      workflowExecutionTimeout: TIMEOUT,
      staticSummary: beginning(`explain ${fqn}`, 200),
    });
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause?.cause instanceof Error ? error.cause.cause : error.cause;
    throw new PermanentError(`The worker could not say: ${cause?.message ?? error.message}`, { where: fqn });
  }
}
