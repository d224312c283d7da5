import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { RecipeError } from '../errors/index.js';
import {
  parseCheckedRecipe,
  readRecipe,
  readRecipeObject,
  readRecipeText,
  type CheckedRecipe,
  type Recipe,
} from '../recipe/index.js';
import type { StagingStore } from '../staging/index.js';
import type { RecipeInput } from '../contract/run-plan.js';
import { RECIPE_DOCUMENT } from '../contract/stage-names.js';

/** What is staged of a recipe: secret-free, read by every activity of the run. */
export interface StagedRecipe<R extends Recipe = Recipe> {
  readonly recipe: R;
  /** The file its `recipe:/…` references point into, and its sha256: another version of it must not be mixed in. */
  readonly file?: { readonly file: string; readonly sha256: string };
  /** OpenMetadata's type of the service, which tells a query log's dialect. */
  readonly serviceType?: string;
  /** Incremental runs: epoch milliseconds of the oldest change to read. */
  readonly changedSince?: number;
}

/**
 * Reads and checks the recipe a run was started with.
 * @param memorySecrets those of runs made in this process; only such a run may refer to them.
 * @throws RecipeError
 */
export async function loadRecipe(
  input: RecipeInput,
  recipesDir: string,
  memorySecrets?: ReadonlyMap<string, string>
): Promise<CheckedRecipe & { file?: string }> {
  if (input.recipePath !== undefined) {
    const file = await insideFolder(recipesDir, input.recipePath);
    return { ...readRecipe({ ...readRecipeText(file), origin: input.recipePath }), file };
  }
  if (input.recipeYaml !== undefined) return readRecipe({ text: input.recipeYaml, origin: 'recipeYaml' });
  return readRecipeObject(input.recipe, 'recipe', memorySecrets === undefined ? {} : { held: memorySecrets });
}

/** The file behind a recipePath; links may not lead out of the folder either. */
async function insideFolder(recipesDir: string, recipePath: string): Promise<string> {
  const wanted = path.resolve(recipesDir, recipePath);
  const problem = (message: string): RecipeError => new RecipeError([{ path: '', message }], recipePath);
  if (!isInside(recipesDir, wanted)) {
    throw problem(`is not inside the worker's recipes folder ${recipesDir}. Give a path relative to it.`);
  }
  try {
    const [folder, file] = await Promise.all([realpath(recipesDir), realpath(wanted)]);
    if (!isInside(folder, file)) throw problem(`leads out of the worker's recipes folder ${recipesDir} by a link.`);
    if (!(await stat(file)).isFile())
      throw problem(`is no file. Name a recipe in the worker's recipes folder ${recipesDir}.`);
    return wanted;
  } catch (error) {
    if (error instanceof RecipeError) throw error;
    throw problem(
      `is not in the recipes folder ${recipesDir} of the worker that looked for it. Put it there, or start a worker with --recipes DIR.`
    );
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

/** The document is this program's own, written by `stageRecipe`. */
const stagedRecipe = z.object({
  recipe: z.unknown(),
  file: z.object({ file: z.string(), sha256: z.string() }).optional(),
  serviceType: z.string().optional(),
  changedSince: z.number().optional(),
});

export async function stageRecipe(store: StagingStore, run: string, staged: StagedRecipe): Promise<void> {
  await store.putDocument(run, RECIPE_DOCUMENT, JSON.stringify(staged));
}

export async function stagedRecipeOf(store: StagingStore, run: string): Promise<StagedRecipe> {
  const { recipe, file, changedSince, serviceType } = stagedRecipe.parse(
    JSON.parse(await store.getDocument(run, RECIPE_DOCUMENT))
  );
  return {
    recipe: parseCheckedRecipe(recipe),
    ...(file === undefined ? {} : { file }),
    ...(serviceType === undefined ? {} : { serviceType }),
    ...(changedSince === undefined ? {} : { changedSince }),
  };
}
