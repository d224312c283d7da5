import { activityInfo } from '@temporalio/activity';
import { ServiceMeasures, type ServiceConnection } from '../../data-quality/index.js';
import type { OpenMetadataClient } from '../../openmetadata/index.js';
import type { RecipeOf, TestSuiteConfig } from '../../recipe/index.js';
import { stagedRecipeOf } from '../../run-context/index.js';
import type { StageInput } from '../../contract/run-plan.js';
import type { SliceAddress } from '../../staging/index.js';
import { sourceContext } from '../metadata/open-stage.js';
import type { Shared } from '../run/activity-deps.js';
import type { StageContext } from '../run/stage-context.js';
import { unitTag } from '../run/unit-tag.js';
import { recipeOfKind } from '../run/recipe-of-kind.js';

export type TestSuiteRecipe = RecipeOf<'data-quality'>;

/** What a stage of the data quality workflow works with, made from the staged recipe. */
export interface OpenedQualityStage {
  readonly recipe: TestSuiteRecipe;
  readonly config: TestSuiteConfig;
  readonly client: OpenMetadataClient;
  slice(stage: string, slice: string): SliceAddress;
  /** Services that stay open as long as `work` on this unit runs. */
  withServices<T>(unit: number, work: (services: ServiceMeasures) => Promise<T>): Promise<T>;
}

export async function openQualityStage(
  shared: Shared,
  { identity }: StageInput,
  context: StageContext
): Promise<OpenedQualityStage> {
  const run = identity.pipelineRunId;
  const staged = await stagedRecipeOf(shared.store, run);
  const recipe = recipeOfKind(staged, 'data-quality');
  const connect = (service: string): Promise<ServiceConnection> => shared.connections.ofService(staged, service);
  return {
    recipe,
    config: recipe.source.sourceConfig.config,
    client: await shared.connections.client(staged),
    slice: (stage, slice) => ({ run, stage, slice }),
    withServices: async (unit, work) => {
      const tagged = { ...sourceContext(identity, context), runTag: unitTag(identity, unit) };
      const services = new ServiceMeasures(connect, tagged, activityInfo().attempt > 1);
      try {
        return await work(services);
      } finally {
        await services.close();
      }
    },
  };
}
