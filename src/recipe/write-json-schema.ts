/**
 * Writes recipes/recipe.schema.json of the project in the current folder: `node dist/src/recipe/write-json-schema.js`.
 */
import { writeFileSync } from 'node:fs';
import { recipeJsonSchema } from './json-schema.js';

writeFileSync('recipes/recipe.schema.json', `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`);
