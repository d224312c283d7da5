import { RecipeError, type RecipeProblem } from '../errors/index.js';
import { environmentSource } from './environment-source.js';
import { fileSource } from './file-source.js';
import { managedSource } from './managed-source.js';
import { memorySource } from './memory-source.js';
import { recipeFileSource } from './recipe-file-source.js';
import type { ResolveContext, SecretSource } from './secret-source.js';
import { hasVariables } from './variables.js';

/** The forms with a path. */
const SOURCES: readonly SecretSource[] = [recipeFileSource, memorySource, fileSource];

/** The forms that users may write, for messages. */
export const REFERENCE_FORMS = '${VARIABLE}, file:/absolute/path, secret:id';

/** True for text that refers to a secret kept elsewhere. Only meaningful in secret leaves. */
export function isSecretReference(text: string): boolean {
  return sourceOf(text) !== undefined;
}

function sourceOf(text: string): SecretSource | undefined {
  // ids of AWS begin with a slash, others don't
  if (text.startsWith(managedSource.scheme)) return managedSource;
  return (
    SOURCES.find(({ scheme }) => text.startsWith(`${scheme}/`)) ?? (hasVariables(text) ? environmentSource : undefined)
  );
}

/**
 * A deep copy of `value` (part of a checked recipe) with each reference replaced by its secret, which is registered for
 * redaction.
 * @param at dotted path of `value` in the recipe, for messages.
 * @throws RecipeError with one problem per reference that can't be resolved, naming references and never values.
 */
export async function resolveSecrets<T>(value: T, context: ResolveContext, at = ''): Promise<T> {
  const problems: RecipeProblem[] = [];
  const resolved = await resolveWithin(value, context, at, problems);
  if (problems.length > 0) throw new RecipeError(problems, context.recipe?.file ?? 'recipe');
  // same shape as `value`: only strings were replaced by strings
  return resolved as T;
}

async function resolveWithin(
  value: unknown,
  context: ResolveContext,
  at: string,
  problems: RecipeProblem[]
): Promise<unknown> {
  if (typeof value === 'string') return resolveText(value, context, at, problems);
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    entries.push([key, await resolveWithin(inner, context, at === '' ? key : `${at}.${key}`, problems)]);
  }
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

async function resolveText(
  text: string,
  context: ResolveContext,
  at: string,
  problems: RecipeProblem[]
): Promise<string> {
  try {
    const source = sourceOf(text);
    if (source === undefined || (source === managedSource && context.managed === 'kept')) return text;
    const secret = await source.resolve(text, context);
    context.onResolved?.(text, secret);
    return secret.reveal();
  } catch (error) {
    if (!(error instanceof RecipeError)) throw error;
    problems.push(...error.problems.map(({ message }) => ({ path: at, message })));
    return '';
  }
}
