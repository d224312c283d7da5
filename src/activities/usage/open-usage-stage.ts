import { TableFinder, type FoundTable, type LookUpCache } from '../../lineage/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { DatabaseUsageConfig, RecipeOf } from '../../recipe/index.js';
import { stagedRecipeOf } from '../../run-context/index.js';
import type { UsageLogOptions, UsageLogSource } from '../../sources/index.js';
import type { Dialect } from '../../sql/index.js';
import type { SliceAddress } from '../../staging/index.js';
import { usageLogOptions } from '../../usage/index.js';
import type { StageInput } from '../../contract/run-plan.js';
import { sourceContext } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import { logNames } from '../run/log-names.js';
import type { StageContext } from '../run/stage-context.js';
import { withOpened } from '../run/with-opened.js';
import { recipeOfKind } from '../run/recipe-of-kind.js';
import { openUsageLog } from './open-usage-log.js';

/** What a stage of the usage workflow works with, made from the staged recipe. */
export interface OpenedUsageStage {
  readonly recipe: RecipeOf<'usage'>;
  readonly config: DatabaseUsageConfig;
  readonly client: OpenMetadataClient;
  readonly dialect: Dialect;
  readonly options: UsageLogOptions;
  /** @param tables what the run has looked up so far */
  finder(tables: LookUpCache<FoundTable>): TableFinder;
  slice(stage: string, slice: string): SliceAddress;
  /** Opens the log when first asked for; it is closed when `work` has ended. */
  withLog<T>(work: (open: () => Promise<UsageLogSource>) => Promise<T>): Promise<T>;
}

export async function openUsageStage(
  shared: Shared,
  input: StageInput,
  context: StageContext
): Promise<OpenedUsageStage> {
  const run = input.identity.pipelineRunId;
  const staged = await stagedRecipeOf(shared.store, run);
  const recipe = recipeOfKind(staged, 'usage');
  const config = recipe.source.sourceConfig.config;
  const client = await shared.connections.client(staged);
  const names = logNames(staged);
  const open = (): Promise<UsageLogSource> =>
    openUsageLog(shared.connections, staged, config, sourceContext(input.identity, context));
  return {
    recipe,
    config,
    client,
    dialect: names.dialect,
    options: usageLogOptions(config, recipe.workflowConfig),
    finder: (tables) => new TableFinder(client, [recipe.source.serviceName], names, context.signal, tables),
    slice: (stage, slice) => ({ run, stage, slice }),
    withLog: (work) => withOpened(open, work),
  };
}
