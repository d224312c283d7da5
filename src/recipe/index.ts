export { readRecipe, readRecipeObject } from './read-recipe.js';
export type { CheckedRecipe, ReadOptions } from './read-recipe.js';
export { readRecipeText } from './recipe-text.js';
export type { RecipeText } from './recipe-text.js';
export { parseCheckedRecipe } from './parse-recipe.js';
export { parseFetchedConnection } from './fetched-connection.js';
export { recipeJsonSchema } from './json-schema.js';
export type {
  ConnectionConfig,
  LineageConnection,
  LineageRecipe,
  MetadataRecipe,
  Recipe,
  RecipeKind,
} from './recipe-model.js';
export type { DatabaseMetadataConfig } from './database-metadata-model.js';
export type { DatabaseLineageConfig } from './database-lineage-model.js';
export type { OpenMetadataServerConfig } from './server-config-model.js';
export type { WorkflowConfig } from './workflow-config-model.js';
export type { FilterPattern } from '../filters/index.js';
export type {
  MysqlConnectionConfig,
  SnowflakeConnectionConfig,
  SqliteConnectionConfig,
} from '../sources/connection-configs.js';
