import { RecipeError } from '../errors/index.js';

/** True when all that is wrong with a recipe is that variables are unset in this process. */
export function lacksOnlyVariables(error: unknown): boolean {
  return error instanceof RecipeError && error.problems.every(({ message }) => /variable \w+ is not set/.test(message));
}
