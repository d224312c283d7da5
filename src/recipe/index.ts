export { readRecipe, readRecipeObject } from './read-recipe.js';
export type { CheckedRecipe, ReadOptions } from './read-recipe.js';
export { lacksOnlyVariables } from './lacks-only-variables.js';
export { likelyKind } from './choose-model.js';
export { isNestedTooDeeply, readRecipeText } from './recipe-text.js';
export type { RecipeText } from './recipe-text.js';
export { parseRecipeDocument } from './recipe-document.js';
export { parseCheckedRecipe } from './parse-recipe.js';
export { connectorsOf } from './any-connection.js';
export { connectionsOf, type GivenConnection } from './connections-of.js';
export { parseFetchedConnection } from './fetched-connection.js';
export { recipeJsonSchema } from './json-schema.js';
export { DEFAULT_METRICS, KIND_MODELS, MOST_THREADS, PROFILE_METRICS, TABLE_METRICS } from './kinds/index.js';
export type {
  ContainerEntry,
  DatabaseLineageConfig,
  DatabaseMetadataConfig,
  DatabaseUsageConfig,
  RecipeOf,
  RecipeTestCase,
  TableEntry,
  TestSuiteConfig,
} from './kinds/index.js';
export { readsQueryLog } from './what-it-opens.js';
export type { LineageRecipe, MetadataRecipe, ProfilerRecipe, Recipe } from './recipe-model.js';
export type { WorkflowConfig } from './workflow-config-model.js';
export type { FilterPattern } from '../filters/index.js';
