import type { LineageRecipe } from '../../recipe/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

export const prepareLineage: KindPreparation<LineageRecipe> = {
  owner: databaseServiceOf,
  prepare: async ({ recipe }) => {
    const { threads, processViewLineage, processQueryLineage } = recipe.source.sourceConfig.config;
    return { plan: { threads, lineage: { views: processViewLineage, queries: processQueryLineage } } };
  },
};
