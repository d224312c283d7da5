import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { WorkflowKind } from '../../contract/kinds.js';
import { RecipeError } from '../../errors/index.js';
import { lacksOnlyVariables, readRecipe, readRecipeText, type CheckedRecipe } from '../../recipe/index.js';
import { describeChecked, type RecipeReference } from '../recipe-reference.js';

/** What the argument RECIPE turned out to be. */
export interface RecipeArgument {
  readonly reference: RecipeReference;
  /** Accepted old spellings, one per line. */
  readonly warnings: readonly string[];
}

export interface RecipeArgumentOptions {
  /** The recipes folder as set here; a worker on another host may have another. */
  readonly recipesDir: string;
  /** The kind of a recipe that only the worker has. */
  readonly kind?: WorkflowKind;
  /** Refer to a file of the recipes folder by its path even if it could be sent as text. */
  readonly preferPath?: boolean;
}

/**
 * Makes sense of RECIPE: a file here, or a name in the worker's recipes folder.
 *
 * A file is sent as text, so that the worker needs no copy. One with literal secrets must not be sent, and one that
 * names files would not be allowed to read them: if such a recipe is in the recipes folder, its path is sent and the
 * worker reads it.
 *
 * @throws RecipeError with file, line, path, what was found and what is allowed
 */
export function readRecipeArgument(argument: string, options: RecipeArgumentOptions): RecipeArgument {
  const here = resolve(argument);
  if (isFile(here)) return fromFile(argument, here, options);
  const inFolder = resolve(options.recipesDir, argument);
  if (!isAbsolute(argument) && isFile(inFolder)) return byPath(argument, inFolder);
  const isHere = isAbsolute(argument) || argument.startsWith('.');
  if (isHere || isFolder(here) || isFolder(inFolder)) throw noSuchFile(argument, [here, inFolder]);
  return {
    reference: { recipePath: argument, ...(options.kind === undefined ? {} : { kind: options.kind }) },
    warnings: [],
  };
}

/** Reads a recipe file on this machine, by its path or by its name in the recipes folder. @throws RecipeError */
export function readRecipeFile(argument: string, recipesDir: string): CheckedRecipe & { readonly file: string } {
  const places = [resolve(argument), resolve(recipesDir, argument)];
  const file = places.find(isFile);
  if (file === undefined) throw noSuchFile(argument, places);
  return { ...readRecipe({ ...readRecipeText(file), origin: argument }), file };
}

/** For a worker whose recipes folder contains this file. @throws RecipeError */
export function readLocalRecipe(
  argument: string,
  recipesDir: string
): RecipeArgument & { readonly recipesDir: string } {
  const { file, warnings, ...checked } = readRecipeFile(argument, recipesDir);
  const { workflowId } = describeChecked({ ...checked, warnings });
  return {
    reference: { recipePath: basename(file), kind: checked.recipe.kind, workflowId },
    warnings,
    recipesDir: dirname(file),
  };
}

function fromFile(argument: string, file: string, options: RecipeArgumentOptions): RecipeArgument {
  const { text } = readRecipeText(file);
  const asText: RecipeReference = { recipeYaml: text, origin: argument };
  let checked: CheckedRecipe;
  try {
    checked = readRecipe({ text, origin: argument, file });
  } catch (error) {
    if (lacksOnlyVariables(error)) return { reference: asText, warnings: [] };
    throw error;
  }
  const path = relative(options.recipesDir, file);
  const inFolder = !path.startsWith('..') && !isAbsolute(path);
  const pathNeeded = checked.literalSecrets.length > 0 || options.preferPath === true || namesFiles(checked.recipe);
  return pathNeeded && inFolder ? byPath(path, file) : { reference: asText, warnings: checked.warnings };
}

function byPath(recipePath: string, file: string): RecipeArgument {
  try {
    const checked = readRecipe({ ...readRecipeText(file), origin: recipePath });
    const { workflowId } = describeChecked(checked);
    return { reference: { recipePath, kind: checked.recipe.kind, workflowId }, warnings: checked.warnings };
  } catch (error) {
    if (lacksOnlyVariables(error)) return { reference: { recipePath }, warnings: [] };
    throw error;
  }
}

/** Keys whose value is a file path, for any connector. */
const FILE_KEY = /^(queryLogFilePath|databaseMode|.*(certificate|key|path|file|ca|cert))$/i;

/** Whether a recipe needs files on the worker: recipes sent as text may name files in some folders only. */
function namesFiles(value: unknown, key = ''): boolean {
  if (typeof value === 'string')
    return value.startsWith('file:') || (FILE_KEY.test(key) && /^(?![a-z]+:)[^$\n]+$/.test(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => namesFiles(inner, name));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** How many recipes of a folder a message lists. */
const NAMED = 5;

function aFolder(argument: string, folder: string): RecipeError {
  const recipes = readdirSync(folder)
    .filter((name) => /\.ya?ml$/i.test(name))
    .sort();
  const some = recipes.slice(0, NAMED).map((name) => join(argument, name));
  const more = recipes.length > NAMED ? `, and ${recipes.length - NAMED} more` : '';
  return new RecipeError([{ path: '', message: 'is a folder, not a recipe.' }], argument, {
    remedy:
      recipes.length === 0
        ? 'It has no .yaml file either. Give the path of a recipe.'
        : `Give one of the recipes in it: ${some.join(', ')}${more}.`,
  });
}

/** @param places where it was looked for */
function noSuchFile(argument: string, places: readonly string[]): RecipeError {
  const folder = places.find(isFolder);
  if (folder !== undefined) return aFolder(argument, folder);
  return new RecipeError([{ path: '', message: 'there is no such file.' }], argument, {
    remedy: `Give the path of a recipe (${join('recipes', 'quickstart', 'metadata.yaml')}) or its name in the worker's recipes folder.`,
  });
}
