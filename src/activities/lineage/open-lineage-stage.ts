import { TableFinder, type FoundTable, type LookUpCache } from '../../lineage/index.js';
import type { Dialect } from '../../sql/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { DatabaseLineageConfig, LineageRecipe } from '../../recipe/index.js';
import { openQueryLogFile, type QueryLogOptions, type QueryLogSource } from '../../sources/index.js';
import type { SliceAddress } from '../../staging/index.js';
import type { Shared } from '../run/activity-deps.js';
import { logNames } from '../run/log-names.js';
import { openLog } from '../run/open-log.js';
import { stagedRecipeOf } from '../../run-context/index.js';
import { sourceContext } from '../metadata/open-stage.js';
import type { StageInput } from '../../contract/run-plan.js';
import type { StageContext } from '../run/stage-context.js';
import { withOpened } from '../run/with-opened.js';
import { recipeOfKind } from '../run/recipe-of-kind.js';

/** What a stage of the lineage workflow works with, made from the staged recipe. */
export interface OpenedLineageStage {
  readonly recipe: LineageRecipe;
  readonly config: DatabaseLineageConfig;
  readonly client: OpenMetadataClient;
  readonly dialect: Dialect;
  /** @param tables what the run has looked up so far */
  finder(tables: LookUpCache<FoundTable>): TableFinder;
  readonly logOptions: QueryLogOptions;
  slice(stage: string, slice: string): SliceAddress;
  /** Hands out the query log, opened when it is first asked for, and closes it after `work`. */
  withQueryLog<T>(work: (open: () => Promise<QueryLogSource>) => Promise<T>): Promise<T>;
}

export async function openLineageStage(
  shared: Shared,
  input: StageInput,
  context: StageContext
): Promise<OpenedLineageStage> {
  const run = input.identity.pipelineRunId;
  const staged = await stagedRecipeOf(shared.store, run);
  const recipe = recipeOfKind(staged, 'lineage');
  const config = recipe.source.sourceConfig.config;
  const client = await shared.connections.client(staged);
  const crossServices = config.processCrossDatabaseLineage ? (config.crossDatabaseServiceNames ?? []) : [];
  const names = logNames(staged);
  const open = (): Promise<QueryLogSource> =>
    openLog(shared.connections, staged, sourceContext(input.identity, context), {
      filePath: config.queryLogFilePath,
      ofFiles: openQueryLogFile,
      ofSource: ({ openQueryLog }) => openQueryLog,
      remedy: 'Set processQueryLineage: false, or give a log in CSV files by queryLogFilePath.',
    });
  return {
    recipe,
    config,
    client,
    dialect: names.dialect,
    finder: (tables) =>
      new TableFinder(client, [recipe.source.serviceName, ...crossServices], names, context.signal, tables),
    logOptions: {
      resultLimit: config.resultLimit,
      storedProcedures: config.processStoredProcedureLineage,
      ...(config.filterCondition === undefined ? {} : { filterCondition: config.filterCondition }),
    },
    slice: (stage, slice) => ({ run, stage, slice }),
    withQueryLog: (work) => withOpened(open, work),
  };
}
