import { MOST_THREADS, type ProfilerRecipe } from '../../recipe/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

/** Sessions at once when the recipe doesn't say. */
const THREADS = 5;

export const prepareProfiler: KindPreparation<ProfilerRecipe> = {
  owner: databaseServiceOf,
  opensSource: () => true,
  prepare: async ({ recipe }) => {
    const threads = Math.min(MOST_THREADS, recipe.source.sourceConfig.config.threadCount ?? THREADS);
    const budget = recipe.workflowConfig.config?.profiler?.budget;
    return { plan: { threads, ...(budget === undefined ? {} : { budget }) } };
  },
};
