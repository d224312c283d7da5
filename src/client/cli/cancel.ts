import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import type { CommandContext } from './command-context.js';

/** `om-ingest cancel ID` */
export function registerCancel(program: Command, context: CommandContext): void {
  program
    .command('cancel')
    .description('ask a run to stop: it reports `stopped`, cleans up and ends')
    .argument('<id>', 'workflow id, as `om-ingest run` prints it')
    .action(async (id: string) => {
      const { createClient } = await import('../ingestion-client.js');
      const client = await createClient();
      try {
        const run = client.attach(id);
        const { status, waits } = await run.describe();
        if (status !== 'RUNNING') {
          context.terminal.err(`${id} is over already: ${status.toLowerCase().replaceAll('_', ' ')}.`);
          context.finish(EXIT.failed);
          return;
        }
        await run.cancel();
        const { WORKFLOW_TASK, endsByTerminate } = await import('../failing-task.js');
        if (waits.some(({ activity }) => activity === WORKFLOW_TASK))
          context.terminal.err(`Workers fail its workflow task. ${endsByTerminate(id)}`);
        context.terminal.out(`${id} is asked to stop. \`om-ingest status ${id}\` shows when it has.`);
        context.finish(EXIT.success);
      } finally {
        await client.close();
      }
    });
}
