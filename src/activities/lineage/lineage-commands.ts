import { RecipeError } from '../../errors/index.js';
import type { LineageRecipe } from '../../recipe/index.js';
import { stagedFrom } from '../../run-context/index.js';
import { checkQueryLogFile, findSource, type CheckResult, type QueryLogOptions } from '../../sources/index.js';
import type { KindCommands } from '../run/kind-commands.js';
import { lineageWays } from './lineage-ways.js';

/** Only the query log is checked: views come from OpenMetadata. */
export const lineageCommands: KindCommands<LineageRecipe> = {
  ways: lineageWays,
  check: checkLog,
  plan: async ({ file }) => {
    const message =
      'is that of a lineage recipe. Lineage has no plan, unlike the other kinds: what a run would add is known only when it has read its log.';
    throw new RecipeError([{ path: 'source.sourceConfig.config.type', message }], file);
  },
};

async function* checkLog(
  ...[checked, connections, context]: Parameters<KindCommands<LineageRecipe>['check']>
): AsyncGenerator<CheckResult> {
  const { source } = checked.recipe;
  const { config } = source.sourceConfig;
  if (!config.processQueryLineage) {
    yield notRead('processQueryLineage is false, so that nothing of the source is read; views come from OpenMetadata');
    return;
  }
  if (config.queryLogFilePath !== undefined) {
    yield* checkQueryLogFile(config.queryLogFilePath, context.signal);
    return;
  }
  const { checkQueryLog } = findSource(source.type);
  if (checkQueryLog === undefined) {
    yield notRead(`${source.type} has none, so that nothing of the source is read; views come from OpenMetadata`);
    return;
  }
  const options: QueryLogOptions = {
    resultLimit: config.resultLimit,
    storedProcedures: config.processStoredProcedureLineage,
    ...(config.filterCondition === undefined ? {} : { filterCondition: config.filterCondition }),
  };
  const connection = await connections.ofService(stagedFrom(checked));
  yield* checkQueryLog(connection.config, context, options);
}

function notRead(message: string): CheckResult {
  return { name: 'query log', passed: true, mandatory: false, message };
}
