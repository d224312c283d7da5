import type { Command } from 'commander';
import type { IngestionRun } from '../ingestion-run.js';
import type { CommandContext } from './command-context.js';
import { withRunningRun } from './running-run.js';

/** `om-ingest pause ID` and `om-ingest resume ID` */
export function registerPause(program: Command, context: CommandContext): void {
  register(program, context, {
    name: 'pause',
    description: 'let what a run has under way come to its end, and begin nothing more',
    tell: (run) => run.pause(),
    said: (id) => `${id} begins nothing more. \`om-ingest resume ${id}\` resumes it.`,
  });
  register(program, context, {
    name: 'resume',
    description: 'resume a paused run',
    tell: (run) => run.resume(),
    said: (id) => `${id} continues.`,
  });
}

interface Telling {
  readonly name: string;
  readonly description: string;
  readonly tell: (run: IngestionRun) => Promise<void>;
  readonly said: (id: string) => string;
}

function register(program: Command, context: CommandContext, { name, description, tell, said }: Telling): void {
  program
    .command(name)
    .description(description)
    .argument('<id>', 'workflow id, as `om-ingest run` prints it')
    .action((id: string) =>
      withRunningRun(context, id, async (run) => {
        await tell(run);
        context.terminal.out(said(id));
      })
    );
}
