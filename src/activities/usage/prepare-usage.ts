import type { RecipeOf } from '../../recipe/index.js';
import { isSourceType } from '../../sources/index.js';
import { databaseServiceOf } from '../run/database-service.js';
import type { KindPreparation } from '../run/kind-preparation.js';

/** DatabaseUsage has no key for it: a window of the log is read while the one before is parsed. */
const THREADS = 2;

export const prepareUsage: KindPreparation<RecipeOf<'usage'>> = {
  owner: databaseServiceOf,
  opensSource: ({ source: { type, sourceConfig } }) =>
    sourceConfig.config.queryLogFilePath === undefined && isSourceType(type),
  prepare: async () => ({ plan: { threads: THREADS } }),
};
