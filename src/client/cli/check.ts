import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** `om-ingest check RECIPE` */
export function registerCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('try both ends of a recipe from here, OpenMetadata and the source: a line a finding')
    .argument('<recipe>', 'a recipe file, or a name in the recipes folder')
    .option('--recipes <dir>', 'recipes folder (OM_INGEST_RECIPES; default ./recipes)')
    .action(async (recipe: string, flags: { recipes?: string }) => {
      const { checkCommand } = await import('./check-command.js');
      context.finish(await checkCommand(recipe, flags, context.terminal));
    });
}
