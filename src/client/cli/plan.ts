import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';
import { wholeNumber } from './worker-flags.js';

export interface PlanFlags {
  readonly json?: boolean;
  readonly limit: number;
  readonly sql?: boolean;
  readonly recipes?: string;
  readonly staging?: string;
}

/** `om-ingest plan RECIPE` */
export function registerPlan(program: Command, context: CommandContext): void {
  program
    .command('plan')
    .description(
      'dry run from here: what a metadata run would create, update, mark deleted, leave out, what a profiler or data quality run would read, a usage run send; writes nothing'
    )
    .argument('<recipe>', 'a recipe file, or a name in the recipes folder')
    .option('--limit <n>', 'names shown of each list; everything is counted', wholeNumber, 20)
    .option('--sql', 'of a profiler recipe: the statements that read rows, too')
    .option('--json', 'print it as one line of JSON')
    .option('--recipes <dir>', 'recipes folder (OM_INGEST_RECIPES; default ./recipes)')
    .option(
      '--staging <place>',
      'of a usage recipe: where the workers keep what was sent (OM_INGEST_STAGING; default ./.om-ingest/staging)'
    )
    .action(async (recipe: string, flags: PlanFlags) => {
      const { planCommand } = await import('./plan-command.js');
      context.finish(await planCommand(recipe, flags, context.terminal));
    });
}
