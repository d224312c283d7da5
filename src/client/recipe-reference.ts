import { isKind, KIND_NAMES, KINDS, type WorkflowKind } from '../contract/kinds.js';
import { listed, PermanentError } from '../errors/index.js';
import {
  lacksOnlyVariables,
  likelyKind,
  parseRecipeDocument,
  readRecipe,
  readRecipeObject,
  type CheckedRecipe,
  type ReadOptions,
} from '../recipe/index.js';
import type { WorkflowInput } from '../workflows/input.js';
import type { RunAttributes } from '../workflows/search-attributes.js';
import { withoutComments } from './without-comments.js';
import { workflowIdOf, workflowIdOfPath } from './workflow-id.js';

/** A recipe as callers give it. */
export type RecipeReference =
  /** A file in the worker's recipes folder. Its kind isn't known here: `metadata` unless given. */
  | { readonly recipePath: string; readonly kind?: WorkflowKind; readonly workflowId?: string }
  /** YAML text; `origin` names it in messages. */
  | { readonly recipeYaml: string; readonly origin?: string }
  | {
      readonly recipe: unknown;
      /** Given by a caller that has checked the recipe: it isn't checked again. */
      readonly checked?: Omit<DescribedRecipe, 'input'>;
    };

export interface DescribedRecipe {
  readonly input: Pick<WorkflowInput, 'recipePath' | 'recipeYaml' | 'recipe'>;
  readonly workflowType: string;
  readonly workflowId: string;
  /** For search attributes: what is known about the run here. */
  readonly attributes: Pick<RunAttributes, 'service' | 'pipeline' | 'workflow'>;
}

/**
 * Checks a recipe as far as that is possible here, and says which workflow runs it under which id.
 *
 * @param encrypts whether the input will be stored encrypted, so that it may hold secrets in plain text
 * @throws RecipeError; not for environment variables that are unset here: the worker has its own
 */
export function describeRecipe(reference: RecipeReference, encrypts = false): DescribedRecipe {
  const options: ReadOptions = encrypts ? { literals: 'memory' } : {};
  if ('recipePath' in reference) {
    const { recipePath, kind = 'metadata', workflowId = workflowIdOfPath(recipePath) } = reference;
    // callers in JavaScript
    if (!isKind(kind))
      throw new PermanentError(`There is no kind of runs called ${JSON.stringify(kind)}.`, {
        where: 'kind',
        remedy: `Allowed: ${listed(KIND_NAMES)}.`,
      });
    return {
      input: { recipePath },
      workflowType: KINDS[kind].workflowType,
      workflowId,
      attributes: { workflow: kind },
    };
  }
  if ('recipeYaml' in reference) {
    const { recipeYaml, origin = 'recipe' } = reference;
    const described = describe(
      () => readRecipe({ text: recipeYaml, origin }, options),
      () => parseRecipeDocument(recipeYaml, origin).value,
      origin
    );
    return { input: { recipeYaml: withoutComments(recipeYaml) }, ...described };
  }
  const { recipe, checked } = reference;
  if (checked !== undefined) return { input: { recipe }, ...checked };
  const described = describe(
    () => readRecipeObject(recipe, 'recipe', options),
    () => recipe,
    'recipe'
  );
  return { input: { recipe }, ...described };
}

/** Kind and id of a checked recipe. */
export function describeChecked({ recipe }: CheckedRecipe): Omit<DescribedRecipe, 'input'> {
  const { kind: workflow, ingestionPipelineFQN: pipeline } = recipe;
  const attributes = { service: recipe.source.serviceName, pipeline, workflow };
  return { workflowType: KINDS[workflow].workflowType, workflowId: workflowIdOf(recipe), attributes };
}

function describe(read: () => CheckedRecipe, raw: () => unknown, origin: string): Omit<DescribedRecipe, 'input'> {
  try {
    return describeChecked(read());
  } catch (error) {
    if (!lacksOnlyVariables(error)) throw error;
    const workflow = likelyKind(raw());
    return {
      workflowType: KINDS[workflow].workflowType,
      workflowId: workflowIdOfPath(origin),
      attributes: { workflow },
    };
  }
}
