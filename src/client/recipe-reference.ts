import { parse } from 'yaml';
import { RecipeError } from '../errors/index.js';
import { readRecipe, readRecipeObject, type CheckedRecipe } from '../recipe/index.js';
import type { WorkflowInput } from '../workflows/input.js';
import type { RunAttributes } from '../workflows/search-attributes.js';
import { workflowIdOf, workflowIdOfPath } from './workflow-id.js';

/** What a recipe describes; each has its workflow type. */
export type RecipeKind = CheckedRecipe['recipe']['kind'];

/** A recipe as callers give it. */
export type RecipeReference =
  /** A file in the worker's recipes folder. Its kind isn't known here: `metadata` unless said. */
  | { readonly recipePath: string; readonly kind?: RecipeKind; readonly workflowId?: string }
  /** YAML text; `origin` names it in messages. */
  | { readonly recipeYaml: string; readonly origin?: string }
  | {
      readonly recipe: unknown;
      /** Said by a caller that has checked it: it isn't checked again. */
      readonly checked?: Omit<DescribedRecipe, 'input'>;
    };

export interface DescribedRecipe {
  readonly input: Pick<WorkflowInput, 'recipePath' | 'recipeYaml' | 'recipe'>;
  readonly workflowType: string;
  readonly workflowId: string;
  /** For search attributes: what is known here of the run. */
  readonly attributes: Pick<RunAttributes, 'service' | 'pipeline' | 'workflow'>;
}

/** Workflow types by kind; their names are the public API of the worker. */
export const WORKFLOW_TYPES: Readonly<Record<RecipeKind, string>> = {
  metadata: 'metadataWorkflow',
  lineage: 'lineageWorkflow',
};

/**
 * Checks a recipe as far as it can be checked here, and says which workflow runs it under which id.
 *
 * @throws RecipeError; not for environment variables that are unset here, since the worker has its own
 */
export function describeRecipe(reference: RecipeReference): DescribedRecipe {
  if ('recipePath' in reference) {
    const { recipePath, kind = 'metadata', workflowId = workflowIdOfPath(recipePath) } = reference;
    return { input: { recipePath }, workflowType: WORKFLOW_TYPES[kind], workflowId, attributes: { workflow: kind } };
  }
  if ('recipeYaml' in reference) {
    const { recipeYaml, origin = 'recipe' } = reference;
    const described = describe(
      () => readRecipe({ text: recipeYaml, origin }),
      () => parse(recipeYaml) as unknown,
      origin
    );
    return { input: { recipeYaml }, ...described };
  }
  const { recipe, checked } = reference;
  if (checked !== undefined) return { input: { recipe }, ...checked };
  const described = describe(
    () => readRecipeObject(recipe, 'recipe'),
    () => recipe,
    'recipe'
  );
  return { input: { recipe }, ...described };
}

/** Kind and id of a checked recipe. */
export function describeChecked({ recipe }: CheckedRecipe): Omit<DescribedRecipe, 'input'> {
  const { kind: workflow, ingestionPipelineFQN: pipeline } = recipe;
  const attributes = { service: recipe.source.serviceName, pipeline, workflow };
  return { workflowType: WORKFLOW_TYPES[workflow], workflowId: workflowIdOf(recipe), attributes };
}

/** True when the only thing wrong is that variables are unset in this process. */
export function lacksOnlyVariables(error: unknown): boolean {
  return error instanceof RecipeError && error.problems.every(({ message }) => /variable \w+ is not set/.test(message));
}

function describe(read: () => CheckedRecipe, raw: () => unknown, origin: string): Omit<DescribedRecipe, 'input'> {
  try {
    return describeChecked(read());
  } catch (error) {
    if (!lacksOnlyVariables(error)) throw error;
    const workflow = kindOf(raw());
    return { workflowType: WORKFLOW_TYPES[workflow], workflowId: workflowIdOfPath(origin), attributes: { workflow } };
  }
}

function kindOf(recipe: unknown): RecipeKind {
  const source: unknown = property(recipe, 'source');
  const type: unknown = property(source, 'type');
  return typeof type === 'string' && type.endsWith('-lineage') ? 'lineage' : 'metadata';
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
