import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { withRunningRun } from './running-run.js';

/** `om-ingest cancel ID` */
export function registerCancel(program: Command, context: CommandContext): void {
  program
    .command('cancel')
    .description('ask a run to stop: it reports `stopped`, cleans up and ends')
    .argument('<id>', 'workflow id, as `om-ingest run` prints it')
    .action((id: string) =>
      withRunningRun(context, id, async (run, { waits }) => {
        await run.cancel();
        const { WORKFLOW_TASK, endsByTerminate } = await import('../failing-task.js');
        if (waits.some(({ activity }) => activity === WORKFLOW_TASK))
          context.terminal.err(`Workers fail its workflow task. ${endsByTerminate(id)}`);
        context.terminal.out(`${id} is asked to stop. \`om-ingest status ${id}\` shows when it has.`);
      })
    );
}
