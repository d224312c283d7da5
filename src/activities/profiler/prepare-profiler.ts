import { MOST_THREADS, type ProfilerRecipe } from '../../recipe/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

/** Sessions at once when the recipe doesn't say. */
const THREADS = 5;

export function threadsOf({ source }: ProfilerRecipe): number {
  return Math.min(MOST_THREADS, source.sourceConfig.config.threadCount ?? THREADS);
}

export const prepareProfiler: KindPreparation<ProfilerRecipe> = {
  owner: databaseServiceOf,
  opensSource: () => true,
  prepare: async ({ recipe }) => {
    const budget = recipe.workflowConfig.config?.profiler?.budget;
    return { plan: { threads: threadsOf(recipe), ...(budget === undefined ? {} : { budget }) } };
  },
};
