import { Option, type Command } from 'commander';
import { KIND_NAMES, type WorkflowKind } from '../../contract/kinds.js';
import { duration } from './durations.js';
import type { CommandContext } from './command-context.js';

/** Flags of `om-ingest run`. */
export interface RunFlags {
  readonly detach?: boolean;
  readonly id?: string;
  readonly asOf?: string;
  readonly kind?: WorkflowKind;
  readonly taskQueue?: string;
  readonly recipes?: string;
  readonly json?: boolean;
  readonly local?: boolean;
  readonly ui?: boolean | string;
  readonly quiet?: boolean;
  readonly cancelOnExit?: boolean;
  readonly failOnWarnings?: boolean;
  readonly wait?: string;
  readonly failOnTestFailure?: boolean;
  readonly only?: readonly string[];
  readonly junit?: string;
}

/** `om-ingest run RECIPE` */
export function registerRun(program: Command, context: CommandContext): void {
  program
    .command('run')
    .description('start a run, wait for it, print its report')
    .argument('<recipe>', "a recipe file, or a name in the worker's recipes folder")
    .option('--detach', 'start it and leave; follow it by `om-ingest status ID`')
    .option('--id <id>', 'workflow id; a run with this id is attached to, one that succeeded returns its result')
    .option('--as-of <time>', 'anchor of time windows instead of now (2026-11-22 or 2026-11-22T03:00:00Z)')
    .addOption(new Option('--kind <kind>', 'what the recipe does, when only the worker has it').choices(KIND_NAMES))
    .option('--json', 'print the report as JSON')
    .option('--local', 'bring an own Temporal server and worker for the length of the run')
    .option(
      '--ui [address]',
      "print a link to the Temporal UI's start form, filled in, and the input to paste; start nothing"
    )
    .option('--quiet', 'no progress')
    .option('--cancel-on-exit', 'cancel the run on Ctrl-C or SIGTERM; otherwise it continues without this command')
    .addOption(
      new Option(
        '--wait <duration>',
        'cancel the run when OpenMetadata and the source have not answered after this time (default 60s)'
      ).argParser(duration)
    )
    .option('--fail-on-warnings', 'exit with 1 when there are warnings')
    .option('--only <names...>', 'data quality: run these only (names of test cases, of test definitions or of tables)')
    .option('--junit <file>', 'data quality: write the results as JUnit XML')
    .option('--fail-on-test-failure', 'data quality: exit with 1 when a test failed')
    .option('--recipes <dir>', 'recipes folder of the worker, as seen from here (OM_INGEST_RECIPES; default ./recipes)')
    .option('--task-queue <name>', 'queue of the workers (OM_INGEST_TASK_QUEUE; default openmetadata-ingestion)')
    .action(async (recipe: string, flags: RunFlags) => {
      const { runCommand } = await import('./run-command.js');
      context.finish(await runCommand(recipe, flags, context.terminal));
    });
}
