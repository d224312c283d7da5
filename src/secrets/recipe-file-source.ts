import { parseDocument } from 'yaml';
import { FileRefused, readRegularFile } from '../reach/index.js';
import { RECIPE_YAML, RECIPE_YAML_VALUES, recipeSha256 } from './recipe-yaml.js';
import { Secret } from './secret.js';
import { type ResolveContext, type SecretSource, unresolved } from './secret-source.js';
import { expandVariables } from './variables.js';

/**
 * `recipe:/source/serviceConnection/config/password`: JSON pointer to a literal in the recipe file, which must be the
 * file of the run.
 */
export const recipeFileSource: SecretSource = {
  scheme: 'recipe:',
  async resolve(reference, context) {
    const { file, text } = await readRecipe(reference, context);
    const value = valueAt(
      parseDocument(text, RECIPE_YAML).toJS(RECIPE_YAML_VALUES),
      reference.slice(this.scheme.length)
    );
    if (typeof value !== 'string') throw unresolved(`${file} has no text at ${reference}.`);
    const { text: secret, problems } = expandVariables(value, context.environment ?? process.env);
    if (problems.length > 0) {
      throw unresolved(`${problems.join(' ')} Set it in the environment of every worker and start them again.`);
    }
    return new Secret(secret);
  },
};

/** Bytes, of a recipe. */
const LARGEST = 1024 * 1024;

async function readRecipe(reference: string, context: ResolveContext): Promise<{ file: string; text: string }> {
  if (context.recipe === undefined) throw unresolved(`${reference} points into a recipe file, and this run has none.`);
  const { file, sha256 } = context.recipe;
  const bytes = await readRegularFile(file, LARGEST).catch((error: unknown) => {
    if (!(error instanceof FileRefused)) throw error;
    throw unresolved(
      `the recipe file ${file}, which holds the secret, ${error.message}. ` +
        'Put the same file on every worker, or write the secret as a ${VARIABLE} reference.'
    );
  });
  const text = bytes.toString('utf8');
  const found = recipeSha256(text);
  if (found !== sha256) {
    throw unresolved(
      `this worker has another version of the recipe file ${file} (sha256 ${found.slice(0, 12)}…) than the one that this run ` +
        `started with (${sha256.slice(0, 12)}…). Put the same file on every worker, then start the run again.`
    );
  }
  return { file, text };
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
