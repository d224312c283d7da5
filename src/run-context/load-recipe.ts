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
  type ReadOptions,
  type Recipe,
} from '../recipe/index.js';
import { trustRecipe } from '../reach/index.js';
import type { StagingStore } from '../staging/index.js';
import { KEYS_VARIABLE, REFERENCE_FORMS, type EncryptionKeys } from '../secrets/index.js';
import type { RecipeInput, RunIdentity } from '../contract/run-plan.js';
import { sealSecrets, sealedSecrets, type SealedSecrets } from './sealed-secrets.js';
import { checkHosts, checkInlineAllowed, checkSecrets, checkVariables, reachableEnvironment } from './check-reach.js';
import { RECIPE_DOCUMENT } from '../contract/stage-names.js';

/** What is staged of a recipe: secret-free, read by every activity of the run. */
export interface StagedRecipe<R extends Recipe = Recipe> {
  readonly recipe: R;
  /** The file its `recipe:/…` references point into, and its sha256: another version must not be mixed in. */
  readonly file?: { readonly file: string; readonly sha256: string };
  /** Values of its `memory:/…` references, if it came inline with secrets in it. */
  readonly sealed?: SealedSecrets;
  /** The run it was staged for, its pipelineRunId; absent for commands that don't run anything. */
  readonly run?: string;
  /** OpenMetadata's type of the service, which tells a query log's dialect. */
  readonly serviceType?: string;
  /** Incremental runs: epoch milliseconds of the oldest change to read. */
  readonly changedSince?: number;
}

/** What a worker reads recipes with. */
export interface RecipeReader {
  /** Absolute folder that `recipePath` is looked up in. */
  readonly recipesDir: string;
  /** Secrets of runs made in this process; only such a run may refer to them. */
  readonly memorySecrets?: ReadonlyMap<string, string>;
  /** What inputs are encrypted with, if they are. */
  readonly keys?: EncryptionKeys;
  readonly inputIsEncrypted?: (workflowId: string, pipelineRunId: string) => Promise<boolean>;
}

export type LoadedRecipe = CheckedRecipe & { readonly file?: string; readonly sealed?: SealedSecrets };

/**
 * Reads and checks the recipe that a run was started with.
 * @param run whose input it is: secrets in plain text are accepted from an input that is stored encrypted
 * @throws RecipeError
 */
export async function loadRecipe(
  input: RecipeInput,
  reader: RecipeReader,
  run: Pick<RunIdentity, 'workflowId' | 'pipelineRunId'>
): Promise<LoadedRecipe> {
  const { recipesDir, memorySecrets, keys, inputIsEncrypted } = reader;
  if (input.recipePath !== undefined) {
    const file = await insideFolder(recipesDir, input.recipePath);
    trustRecipe();
    return { ...readRecipe({ ...readRecipeText(file), origin: input.recipePath }), file };
  }
  const origin = input.recipeYaml === undefined ? 'recipe' : 'recipeYaml';
  checkInlineAllowed(origin);
  checkVariables(input, origin);
  const environment = reachableEnvironment();
  const inline = (options: ReadOptions): CheckedRecipe =>
    input.recipeYaml !== undefined
      ? readRecipe({ text: input.recipeYaml, origin }, { environment, ...options })
      : readRecipeObject(input.recipe, origin, { environment, ...options });
  if (keys === undefined || memorySecrets !== undefined)
    return withinReach(inline(memorySecrets === undefined ? {} : { held: memorySecrets }), origin);
  const checked = withinReach(inline({ literals: 'memory' }), origin);
  if (checked.memorySecrets.size === 0) return checked;
  if ((await inputIsEncrypted?.(run.workflowId, run.pipelineRunId)) !== true) throw storedInClear(checked);
  return { ...checked, sealed: sealSecrets(keys, checked.memorySecrets) };
}

function withinReach(checked: CheckedRecipe, origin: string): CheckedRecipe {
  checkHosts(checked.recipe, origin);
  checkSecrets(checked.recipe, origin);
  return checked;
}

function storedInClear({ memorySecrets }: CheckedRecipe): RecipeError {
  const message =
    'a secret in plain text, in an input that Temporal stores as it is: whoever started the run did not encrypt it, though this worker does. ' +
    `Change the secret, then write a reference (${REFERENCE_FORMS}), or start the run by a client with ${KEYS_VARIABLE}.`;
  const problems = [...memorySecrets.keys()].map((at) => ({ path: at.slice(1).replaceAll('/', '.'), message }));
  return new RecipeError(problems, 'recipe');
}

/** What is staged of it, before anything else is known about the run. */
export function stagedFrom({ recipe, file, sha256, sealed }: LoadedRecipe): StagedRecipe {
  return {
    recipe,
    ...(file === undefined ? {} : { file: { file, sha256 } }),
    ...(sealed === undefined ? {} : { sealed }),
  };
}

/** The file that a recipePath names; links may not lead out of the folder either. */
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
      throw problem(`isn't a file. Name a recipe in the worker's recipes folder ${recipesDir}.`);
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
  sealed: sealedSecrets.optional(),
  serviceType: z.string().optional(),
  changedSince: z.number().optional(),
});

export async function stageRecipe(store: StagingStore, run: string, staged: StagedRecipe): Promise<void> {
  await store.putDocument(run, RECIPE_DOCUMENT, JSON.stringify({ ...staged, run: undefined }));
}

export async function stagedRecipeOf(store: StagingStore, run: string): Promise<StagedRecipe> {
  const { recipe, file, sealed, changedSince, serviceType } = stagedRecipe.parse(
    JSON.parse(await store.getDocument(run, RECIPE_DOCUMENT))
  );
  if (file !== undefined) trustRecipe();
  return {
    recipe: parseCheckedRecipe(recipe),
    run,
    ...(file === undefined ? {} : { file }),
    ...(sealed === undefined ? {} : { sealed }),
    ...(serviceType === undefined ? {} : { serviceType }),
    ...(changedSince === undefined ? {} : { changedSince }),
  };
}
