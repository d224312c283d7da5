import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

export interface ReportFlags {
  readonly html?: string;
  readonly json?: boolean;
}

/** `om-ingest report ID` */
export function registerReport(program: Command, context: CommandContext): void {
  program
    .command('report')
    .description(
      'a run that is over as a whole: its steps, its stages in time, failures by cause, what changed since the run before'
    )
    .argument('<id>', 'workflow id, as `om-ingest run` prints it')
    .option('--html <file>', 'writes it as one page that needs nothing else')
    .option('--json', 'print it as one line of JSON')
    .action(async (id: string, flags: ReportFlags) => {
      const { reportCommand } = await import('./report-command.js');
      context.finish(await reportCommand(id, flags, context.terminal));
    });
}
