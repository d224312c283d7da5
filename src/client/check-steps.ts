import type { Recipe } from '../recipe/index.js';
import {
  checkQueryLogFile,
  findSource,
  type CheckResult,
  type QueryLogOptions,
  type SourceContext,
} from '../sources/index.js';

/**
 * What a run of the recipe needs of its source. A metadata recipe: what its connector reads. A lineage recipe: the query log, since views
 * come from OpenMetadata.
 * @param connect gives serviceConnection.config with its secrets resolved
 * @throws what `connect` throws, where the recipe's source is opened at all
 */
export async function* checkSteps(
  { kind, source }: Recipe,
  connect: () => Promise<unknown>,
  context: SourceContext
): AsyncGenerator<CheckResult> {
  if (kind === 'metadata') {
    yield* findSource(source.type).check(await connect(), context, source.sourceConfig.config);
    return;
  }
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
    yield {
      name: 'query log',
      passed: false,
      mandatory: true,
      message: `${source.type} has none`,
      remedy: 'Set processQueryLineage: false, or give a log in CSV files by queryLogFilePath.',
    };
    return;
  }
  const options: QueryLogOptions = {
    resultLimit: config.resultLimit,
    storedProcedures: config.processStoredProcedureLineage,
    ...(config.filterCondition === undefined ? {} : { filterCondition: config.filterCondition }),
  };
  yield* checkQueryLog(await connect(), context, options);
}

function notRead(message: string): CheckResult {
  return { name: 'query log', passed: true, mandatory: false, message };
}
