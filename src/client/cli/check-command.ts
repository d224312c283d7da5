import { randomUUID } from 'node:crypto';
import { RecipeError } from '../../errors/index.js';
import { readWorkerSettings } from '../../worker/index.js';
import { resolveSecrets } from '../../secrets/index.js';
import type { CheckResult } from '../../sources/index.js';
import { checkSteps } from './check-steps.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { readRecipeFile } from './recipe-argument.js';
import type { Terminal } from './terminal.js';

/** Tries the recipe's source from this machine. @returns 2 when a mandatory step failed */
export async function checkCommand(recipe: string, flags: { recipes?: string }, terminal: Terminal): Promise<ExitCode> {
  const { recipesDir } = readWorkerSettings(process.env, { recipesDir: flags.recipes });
  const { recipe: checked, file, sha256 } = readRecipeFile(recipe, recipesDir);
  const connect = async (): Promise<unknown> => {
    const { serviceConnection } = checked.source;
    if (serviceConnection !== undefined) return resolveSecrets(serviceConnection.config, { recipe: { file, sha256 } });
    const message = 'is missing: its connection is kept in OpenMetadata, so there is nothing to try from here.';
    throw new RecipeError([{ path: 'source.serviceConnection', message }], recipe);
  };
  const context = {
    runTag: `om-ingest check ${randomUUID()}`,
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    onStatement: () => undefined,
    onWarning: (message: string) => terminal.err(`${terminal.colors.yellow('warning:')} ${message}`),
  };
  let failed = false;
  for await (const result of checkSteps(checked, connect, context)) {
    printResult(result, terminal);
    failed ||= result.mandatory && !result.passed;
  }
  return failed ? EXIT.failed : EXIT.success;
}

/** A check is a few statements; a source that takes longer is not usable from here. */
const CHECK_TIMEOUT_MS = 60_000;

function printResult(result: CheckResult, terminal: Terminal): void {
  const { colors } = terminal;
  const mark = result.passed ? colors.green('ok  ') : result.mandatory ? colors.red('FAIL') : colors.yellow('warn');
  terminal.out(`${mark}  ${result.name}: ${result.message}`);
  if (!result.passed && result.remedy !== undefined) terminal.out(`      ${result.remedy}`);
}
