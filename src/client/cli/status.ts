import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

export interface StatusFlags {
  readonly json?: boolean;
}

/** `om-ingest status ID` */
export function registerStatus(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('where a run stands: its stages while it runs, its report afterwards')
    .argument('<id>', 'workflow id, as `om-ingest run` prints it')
    .option('--json', 'print it as JSON')
    .action(async (id: string, flags: StatusFlags) => {
      const { statusCommand } = await import('./status-command.js');
      context.finish(await statusCommand(id, flags, context.terminal));
    });
}
