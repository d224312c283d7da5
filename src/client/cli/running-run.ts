import type { IngestionRun, RunDescription } from '../ingestion-run.js';
import { EXIT } from './exit-codes.js';
import type { CommandContext } from './command-context.js';

/** Connects and does `work` with a run that has not ended; of one that has, the command says so and fails. */
export async function withRunningRun(
  context: CommandContext,
  id: string,
  work: (run: IngestionRun, description: RunDescription) => Promise<void>
): Promise<void> {
  const { createClient } = await import('../ingestion-client.js');
  const client = await createClient();
  try {
    const run = client.attach(id);
    const description = await run.describe();
    if (description.status !== 'RUNNING') {
      context.terminal.err(`${id} is over already: ${description.status.toLowerCase().replaceAll('_', ' ')}.`);
      context.finish(EXIT.failed);
      return;
    }
    await work(run, description);
    context.finish(EXIT.success);
  } finally {
    await client.close();
  }
}
