import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

export interface ExplainFlags {
  readonly json?: boolean;
  readonly recipes?: string;
  readonly taskQueue?: string;
}

/** `om-ingest explain FQN [RECIPE]` */
export function registerExplain(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description(
      'what is known of one entity: what the last runs did with it and why, the queries behind its edges and counts, its tests; with a recipe also its filters and OpenMetadata'
    )
    .argument('<fqn>', 'for example shop.default.shop.orders; a part with a dot is double-quoted')
    .argument('[recipe]', 'a recipe file, or a name in the recipes folder')
    .option('--json', 'print it as one line of JSON')
    .option('--recipes <dir>', 'recipes folder (OM_INGEST_RECIPES; default ./recipes)')
    .option('--task-queue <name>', 'queue of the workers (OM_INGEST_TASK_QUEUE; default openmetadata-ingestion)')
    .action(async (fqn: string, recipe: string | undefined, flags: ExplainFlags) => {
      const { explainCommand } = await import('./explain-command.js');
      context.finish(await explainCommand(fqn, recipe, flags, context.terminal));
    });
}
