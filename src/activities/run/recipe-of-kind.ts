import type { WorkflowKind } from '../../contract/kinds.js';
import { PermanentError } from '../../errors/index.js';
import type { Recipe, RecipeOf } from '../../recipe/index.js';
import type { StagedRecipe } from '../../run-context/index.js';

/** @throws PermanentError for a recipe that was staged for a run of another kind */
export function recipeOfKind<K extends WorkflowKind>({ recipe }: StagedRecipe, kind: K): RecipeOf<K> {
  if (isOfKind(recipe, kind)) return recipe;
  throw new PermanentError(`The staged recipe is one of a ${recipe.kind} run.`);
}

function isOfKind<K extends WorkflowKind>(recipe: Recipe, kind: K): recipe is RecipeOf<K> {
  return recipe.kind === kind;
}
