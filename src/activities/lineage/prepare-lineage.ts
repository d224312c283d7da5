import type { LineageRecipe } from '../../recipe/index.js';
import { isSourceType } from '../../sources/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

export const prepareLineage: KindPreparation<LineageRecipe> = {
  owner: databaseServiceOf,
  prepare: async ({ shared, staged, recipe }) => {
    const { threads, processViewLineage, processQueryLineage, overrideViewLineage, queryLogFilePath } =
      recipe.source.sourceConfig.config;
    if (processQueryLineage && queryLogFilePath === undefined && isSourceType(recipe.source.type))
      await shared.connections.ofService(staged);
    const overrideViews = processViewLineage && overrideViewLineage;
    return { plan: { threads, lineage: { views: processViewLineage, queries: processQueryLineage, overrideViews } } };
  },
};
