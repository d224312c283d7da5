import type { DatabaseUsageConfig } from '../../recipe/index.js';
import type { Connections, StagedRecipe } from '../../run-context/index.js';
import { openUsageLogFile, useRule, type SourceContext, type UsageLogSource } from '../../sources/index.js';
import { openLog } from '../run/open-log.js';

/** What to do where the source has no query log. */
export const NO_USAGE_LOG = 'Give a log in CSV files by queryLogFilePath.';

/** Opens the log that a recipe names: files, else the source's own. @throws as `openLog` */
export function openUsageLog(
  connections: Connections,
  staged: StagedRecipe,
  { queryLogFilePath }: DatabaseUsageConfig,
  context: SourceContext
): Promise<UsageLogSource> {
  const rule = useRule(staged.recipe.source.type);
  return openLog(connections, staged, context, {
    filePath: queryLogFilePath,
    ofFiles: (filePath) => openUsageLogFile(filePath, context, rule),
    ofSource: (source) => source.openUsageLog,
    remedy: NO_USAGE_LOG,
  });
}
