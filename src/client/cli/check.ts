import type { Command } from 'commander';
import type { CommandContext } from './program.js';

/** `om-ingest check RECIPE` */
export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description("connect to the recipe's source from here and try what a run needs; one line a finding")
    .argument('<recipe>', 'a recipe file, or a name in the recipes folder')
    .option('--recipes <dir>', 'recipes folder (OM_INGEST_RECIPES; default ./recipes)')
    .action(async (recipe: string, flags: { recipes?: string }) => {
      const { checkCommand } = await import('./check-command.js');
      context.finish(await checkCommand(recipe, flags, context.terminal));
    });
}
