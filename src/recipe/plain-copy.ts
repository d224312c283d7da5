import { RecipeError } from '../errors/index.js';
import { isMapping } from './recipe-path.js';

/**
 * A recipe given as an object, as the JSON it stands for: nothing shared, nothing undefined.
 * @throws RecipeError for what has no JSON (a cycle, a bigint) and what isn't an object.
 */
export function plainCopy(value: unknown, origin: string): Record<string, unknown> {
  const refuse = (message: string): never => {
    throw new RecipeError([{ path: '', message }], origin);
  };
  let copy: unknown;
  try {
    copy = isMapping(value) ? JSON.parse(JSON.stringify(value)) : undefined;
  } catch {
    return refuse('is not plain data: it holds a cycle or a value that JSON does not have.');
  }
  return isMapping(copy) ? copy : refuse('is not an object. A recipe has the keys source, sink and workflowConfig.');
}
