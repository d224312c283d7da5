export { readRecipe, readRecipeObject } from './read-recipe.js';
export type { CheckedRecipe, ReadOptions } from './read-recipe.js';
export { likelyKind } from './choose-model.js';
export { readRecipeText } from './recipe-text.js';
export type { RecipeText } from './recipe-text.js';
export { parseCheckedRecipe } from './parse-recipe.js';
export { parseFetchedConnection } from './fetched-connection.js';
export { recipeJsonSchema } from './json-schema.js';
export { KIND_MODELS } from './kinds/index.js';
export type { DatabaseLineageConfig, DatabaseMetadataConfig, RecipeOf } from './kinds/index.js';
export type { LineageRecipe, MetadataRecipe, Recipe } from './recipe-model.js';
export type { OpenMetadataServerConfig } from './server-config-model.js';
export type { WorkflowConfig } from './workflow-config-model.js';
export type { FilterPattern } from '../filters/index.js';
export type {
  MysqlConnectionConfig,
  SnowflakeConnectionConfig,
  SqliteConnectionConfig,
} from '../sources/connection-configs.js';
