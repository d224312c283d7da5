import { readsQueryLog, type LineageRecipe } from '../../recipe/index.js';
import { isSourceType } from '../../sources/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

const WITHOUT_LOG = 'the lineage is that of views. For that of queries give a log in CSV files by queryLogFilePath.';

export const prepareLineage: KindPreparation<LineageRecipe> = {
  owner: databaseServiceOf,
  opensSource: ({ source }) => {
    const { queryLogFilePath } = source.sourceConfig.config;
    return readsQueryLog(source) && queryLogFilePath === undefined && isSourceType(source.type);
  },
  prepare: async ({ recipe: { source }, context: { recorder } }) => {
    const { threads, processViewLineage, processQueryLineage, overrideViewLineage } = source.sourceConfig.config;
    const queries = readsQueryLog(source);
    if (processQueryLineage && !queries) recorder.note(`${source.type} has no query log: ${WITHOUT_LOG}`);
    const overrideViews = processViewLineage && overrideViewLineage;
    return { plan: { threads, lineage: { views: processViewLineage, queries, overrideViews } } };
  },
};
