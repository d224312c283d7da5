import { randomUUID } from 'node:crypto';
import { RecipeError } from '../../errors/index.js';
import type { Recipe } from '../../recipe/index.js';
import { readWorkerSettings } from '../../worker/index.js';
import { resolveSecrets } from '../../secrets/index.js';
import { findSource, type CheckResult, type MetadataOptions } from '../../sources/index.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { readRecipeFile } from './recipe-argument.js';
import type { Terminal } from './terminal.js';

/** Tries the recipe's source from this machine. @returns 2 when a mandatory step failed */
export async function checkCommand(recipe: string, flags: { recipes?: string }, terminal: Terminal): Promise<ExitCode> {
  const { recipesDir } = readWorkerSettings(process.env, { recipesDir: flags.recipes });
  const { recipe: checked, file, sha256 } = readRecipeFile(recipe, recipesDir);
  const { serviceConnection, type } = checked.source;
  if (serviceConnection === undefined) {
    const message = 'is missing: its connection is kept in OpenMetadata, so there is nothing to try from here.';
    throw new RecipeError([{ path: 'source.serviceConnection', message }], recipe);
  }
  const spec = findSource(type.replace(/-lineage$/, ''));
  const config = await resolveSecrets(serviceConnection.config, { recipe: { file, sha256 } });
  const context = {
    runTag: `om-ingest check ${randomUUID()}`,
    signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
    onStatement: () => undefined,
    onWarning: (message: string) => terminal.err(`${terminal.colors.yellow('warning:')} ${message}`),
  };
  let failed = false;
  for await (const result of spec.check(config, context, optionsOf(checked))) {
    printResult(result, terminal);
    failed ||= result.mandatory && !result.passed;
  }
  return failed ? EXIT.failed : EXIT.success;
}

/** A check is a few statements; a source that takes longer is not usable from here. */
const CHECK_TIMEOUT_MS = 60_000;

/** The switches of a metadata recipe; a lineage recipe reads no metadata but its views and procedures. */
function optionsOf({ kind, source }: Recipe): MetadataOptions {
  if (kind === 'metadata') return source.sourceConfig.config;
  return {
    includeTables: false,
    includeViews: true,
    includeStoredProcedures: true,
    includeDDL: true,
    includeTags: false,
  };
}

function printResult(result: CheckResult, terminal: Terminal): void {
  const { colors } = terminal;
  const mark = result.passed ? colors.green('ok  ') : result.mandatory ? colors.red('FAIL') : colors.yellow('warn');
  terminal.out(`${mark}  ${result.name}: ${result.message}`);
  if (!result.passed && result.remedy !== undefined) terminal.out(`      ${result.remedy}`);
}
