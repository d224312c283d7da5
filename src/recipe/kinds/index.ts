import type { WorkflowKind } from '../../contract/kinds.js';
import type { KindModel } from './kind-model.js';
import type { KIND_MODELS } from './kinds.generated.js';

export { recipeFrame, wholeRecipe } from './kind-model.js';
export type { RecipeModel } from './kind-model.js';
export { KIND_MODELS } from './kinds.generated.js';
export type { RecipeTestCase, TestSuiteConfig } from './data-quality.js';
export type { DatabaseLineageConfig } from './lineage.js';
export type { DatabaseMetadataConfig } from './metadata.js';
export { placedEntries } from './entry-names.js';
export { DEFAULT_METRICS, MOST_THREADS, PROFILE_METRICS, TABLE_METRICS, TEST_METRICS } from './profiler.js';
export type { ContainerEntry, TableEntry } from './profiler.js';
export type { DatabaseUsageConfig } from './usage.js';

type Recipes = {
  readonly [Kind in WorkflowKind]: (typeof KIND_MODELS)[Kind] extends KindModel<infer Recipe> ? Recipe : never;
};

/** A checked recipe of a kind. Secret leaves contain references. */
export type RecipeOf<Kind extends WorkflowKind> = Recipes[Kind];
