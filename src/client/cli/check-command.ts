import { redact } from '../../secrets/index.js';
import type { CheckResult } from '../../sources/index.js';
import { readWorkerSettings } from '../../worker/settings.js';
import { checkRecipe } from '../check-recipe.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { readRecipeFile } from './recipe-argument.js';
import type { Terminal } from './terminal.js';

/** Tries both ends of a recipe from this machine, a line per finding. @returns 2 when a mandatory step failed */
export async function checkCommand(recipe: string, flags: { recipes?: string }, terminal: Terminal): Promise<ExitCode> {
  const { recipesDir } = readWorkerSettings(process.env, { recipesDir: flags.recipes });
  const checked = readRecipeFile(recipe, recipesDir);
  const warn = (text: string): void => terminal.err(redact(text), terminal.colors.yellow('warning:'));
  checked.warnings.forEach(warn);
  let failed = false;
  for await (const result of checkRecipe(checked, { onWarning: warn })) {
    printResult(result, terminal);
    failed ||= result.mandatory && !result.passed;
  }
  return failed ? EXIT.failed : EXIT.success;
}

function printResult(result: CheckResult, terminal: Terminal): void {
  const { resultColors } = terminal;
  const mark = result.passed
    ? resultColors.green('ok  ')
    : result.mandatory
      ? resultColors.red('FAIL')
      : resultColors.yellow('warn');
  terminal.out(redact(` ${result.name}: ${result.message}`), mark);
  if (!result.passed && result.remedy !== undefined) terminal.out(redact(`      ${result.remedy}`));
}
