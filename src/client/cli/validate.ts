import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import type { CommandContext } from './command-context.js';

/** `om-ingest validate RECIPE`: reads and checks a recipe and touches nothing else. */
export function registerValidate(program: Command, context: CommandContext): void {
  program
    .command('validate')
    .description('check a recipe without running it; needs neither Temporal nor the source')
    .argument('<recipe>', 'a recipe file, or a name in the recipes folder')
    .option('--recipes <dir>', 'recipes folder (OM_INGEST_RECIPES; default ./recipes)')
    .action(async (recipe: string, flags: { recipes?: string }) => {
      const { readRecipeFile } = await import('./recipe-argument.js');
      const { describeChecked } = await import('../recipe-reference.js');
      const { readWorkerSettings } = await import('../../worker/settings.js');
      const { recipesDir } = readWorkerSettings(process.env, { recipesDir: flags.recipes });
      const checked = readRecipeFile(recipe, recipesDir);
      const { terminal } = context;
      for (const warning of checked.warnings) terminal.err(warning, terminal.colors.yellow('warning:'));
      const { workflowType, workflowId } = describeChecked(checked);
      terminal.out(
        `${recipe} is a good recipe: ${workflowType} of ${checked.recipe.source.type}, runs as ${workflowId}`
      );
      if (checked.literalSecrets.length > 0) {
        terminal.err(
          `It holds literal secrets (${checked.literalSecrets.join(', ')}): it runs by path only, on workers that have the file.`
        );
      }
      context.finish(EXIT.success);
    });
}
