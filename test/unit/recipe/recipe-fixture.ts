import { expect } from 'chai';
import { RecipeError } from '../../../src/errors/index.js';
import { type CheckedRecipe, type MetadataRecipe, readRecipe, type ReadOptions } from '../../../src/recipe/index.js';

/** A metadata recipe without a fault; the tests write theirs into it. */
export const RECIPE = `source:
  type: mysql
  serviceName: shop
  serviceConnection:
    config:
      type: Mysql
      username: om
      authType:
        password: \${MYSQL_PASSWORD}
      hostPort: localhost:3306
  sourceConfig:
    config:
      type: DatabaseMetadata
      threads: 2
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  loggerLevel: INFO
  openMetadataServerConfig:
    hostPort: http://localhost:8585/api
    authProvider: openmetadata
    securityConfig:
      jwtToken: \${OM_JWT_TOKEN}
`;

/** RECIPE with one text replaced by another; the text must be there. */
export function edited(from: string, to: string, recipe = RECIPE): string {
  expect(recipe).to.include(from);
  return recipe.replace(from, () => to);
}

export function read(text: string, options: ReadOptions & { file?: string } = {}): CheckedRecipe {
  const { file, ...rest } = options;
  const source = { text, origin: 'recipe.yaml', ...(file === undefined ? {} : { file }) };
  return readRecipe(source, { environment: {}, ...rest });
}

export function readMetadata(text: string, options: ReadOptions & { file?: string } = {}): MetadataRecipe {
  const { recipe } = read(text, options);
  if (recipe.kind !== 'metadata') throw new Error(`a ${recipe.kind} recipe`);
  return recipe;
}

/** The message of the RecipeError that `action` must throw. */
export function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
  throw new Error('the recipe was accepted');
}
