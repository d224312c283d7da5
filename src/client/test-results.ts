import { findSuite, testCaseOf, type JunitResult } from '../data-quality/index.js';
import { RecipeError } from '../errors/index.js';
import type { CheckedRecipe } from '../recipe/index.js';
import { Connections } from '../run-context/index.js';

/** A call or two a page of cases. */
const TIME_LIMIT_MS = 120_000;

/**
 * The results that a run has published, read from the recipe's OpenMetadata: they carry the time when the run began.
 * @param startedAt of the run's report, milliseconds since the epoch
 * @throws RecipeError for a recipe of another kind; errors of OpenMetadata
 */
export async function readTestResults(
  checked: CheckedRecipe & { readonly file: string },
  startedAt: number
): Promise<JunitResult[]> {
  const { recipe, file, sha256 } = checked;
  if (recipe.kind !== 'data-quality')
    throw new RecipeError(
      [{ path: 'source.type', message: 'is not TestSuite: only data quality has test results.' }],
      file
    );
  const connections = new Connections({});
  const signal = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const client = await connections.client({ recipe, file: { file, sha256 } });
    const { serviceName, sourceConfig } = recipe.source;
    const suite = await findSuite({ client, config: sourceConfig.config, serviceName, signal });
    const results: JunitResult[] = [];
    for await (const page of client.tests.cases(suite.id, { signal, withResults: true })) {
      for (const record of page) {
        const testCase = testCaseOf(record);
        const result = record.testCaseResult;
        if (testCase === undefined || result?.timestamp !== startedAt) continue;
        const { tableFqn, column, name, definition } = testCase;
        const status = result.testCaseStatus ?? 'Queued';
        results.push({ tableFqn, column, name, definition, status, text: result.result ?? '' });
      }
    }
    return results;
  } finally {
    await connections.close();
  }
}
