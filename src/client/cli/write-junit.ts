import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { junitXml } from '../../data-quality/index.js';
import { redactedReport, type RunReport } from '../../report/index.js';
import { redact } from '../../secrets/index.js';
import { readWorkerSettings } from '../../worker/settings.js';
import type { IngestionClient } from '../ingestion-client.js';
import { readTestResults } from '../test-results.js';
import { readRecipeFile } from './recipe-argument.js';
import type { RunFlags } from './run.js';
import type { Terminal } from './terminal.js';
import { countWords } from '../../contract/count-words.js';

/**
 * Finds out before a run begins whether its results can be written: afterwards is too late. Creates the file's folder
 * and leaves the file's content alone.
 * @throws Error naming the file and what to do
 */
export async function prepareJunit({ junit }: Pick<RunFlags, 'junit'>): Promise<void> {
  if (junit === undefined) return;
  try {
    await mkdir(dirname(junit), { recursive: true });
    await (await open(junit, 'a')).close();
  } catch (error) {
    throw new Error(
      `--junit ${junit} can't be written (${codeOf(error)}); no run was started. Name a file in a folder that you may write to.`,
      { cause: error }
    );
  }
}

/**
 * The results of the run.
 * @throws RecipeError for a recipe that is not here or has no tests; errors of OpenMetadata and of the file
 */
export async function writeJunit(
  client: IngestionClient,
  recipe: string,
  report: RunReport,
  flags: RunFlags & { readonly junit: string },
  terminal: Terminal
): Promise<void> {
  const { recipesDir } = readWorkerSettings(process.env, { recipesDir: flags.recipes });
  const results = await readTestResults(client, readRecipeFile(recipe, recipesDir), report);
  const shown = results.map((result) => ({ ...result, text: redact(result.text) }));
  await writeFile(flags.junit, junitXml({ name: redactedReport(report).service, ...report }, shown));
  terminal.err(`${countWords(results.length, 'test result', 'test results')} written to ${flags.junit}`);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
