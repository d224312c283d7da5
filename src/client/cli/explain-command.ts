import { redact } from '../../secrets/index.js';
import { readWorkerSettings } from '../../worker/settings.js';
import { explainRecipe } from '../explain-recipe.js';
import { createClient } from '../ingestion-client.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import type { ExplainFlags } from './explain.js';
import { explanationText } from './explanation-text.js';
import { readRecipeFile } from './recipe-argument.js';
import type { Terminal } from './terminal.js';

/** Prints what journals, recipe and catalog know about one entity. */
export async function explainCommand(
  fqn: string,
  recipe: string | undefined,
  flags: ExplainFlags,
  terminal: Terminal
): Promise<ExitCode> {
  const { recipesDir, taskQueue } = readWorkerSettings(process.env, {
    recipesDir: flags.recipes,
    taskQueue: flags.taskQueue,
  });
  const view = recipe === undefined ? undefined : await explainRecipe(readRecipeFile(recipe, recipesDir), fqn);
  const client = await createClient({ taskQueue });
  try {
    const explanation = await client.explain(fqn);
    if (flags.json === true) terminal.out(redact(JSON.stringify({ ...explanation, ...view })));
    else terminal.outText(redact(explanationText(explanation, view)));
    return EXIT.success;
  } finally {
    await client.close();
  }
}
