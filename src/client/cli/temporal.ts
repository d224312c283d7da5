import { Option, type Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { wholeNumber } from './worker-flags.js';

export interface TemporalFlags {
  readonly port: number;
  readonly uiPort: number;
  readonly file: string;
}

/** `om-ingest temporal` */
export function registerTemporal(program: Command, context: CommandContext): void {
  const port = (flag: string, what: string, value: number): Option =>
    new Option(`${flag} <port>`, `${what}, 0 for any free one`).argParser(wholeNumber).default(value);
  program
    .command('temporal')
    .description(
      'run a Temporal server for trials, with its UI, on this machine until Ctrl-C; gets it when there is none'
    )
    .addOption(port('--port', 'port to listen on', 7233))
    .addOption(port('--ui-port', 'port of the Temporal UI', 8233))
    .option('--file <file>', 'database file: runs and schedules outlive the server', '.om-ingest/temporal.db')
    .action(async (flags: TemporalFlags) => {
      const { temporalCommand } = await import('./temporal-command.js');
      context.finish(await temporalCommand(flags, context.terminal));
    });
}
