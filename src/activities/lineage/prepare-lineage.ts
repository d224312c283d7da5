import type { LineageRecipe } from '../../recipe/index.js';
import { isSourceType } from '../../sources/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

export const prepareLineage: KindPreparation<LineageRecipe> = {
  owner: databaseServiceOf,
  opensSource: ({ source: { type, sourceConfig } }) => {
    const { processQueryLineage, queryLogFilePath } = sourceConfig.config;
    return processQueryLineage && queryLogFilePath === undefined && isSourceType(type);
  },
  prepare: async ({ recipe }) => {
    const { threads, processViewLineage, processQueryLineage, overrideViewLineage } = recipe.source.sourceConfig.config;
    const overrideViews = processViewLineage && overrideViewLineage;
    return { plan: { threads, lineage: { views: processViewLineage, queries: processQueryLineage, overrideViews } } };
  },
};
