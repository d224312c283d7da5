import { RecipeError } from '../errors/index.js';
import { jsonProblem } from './recipe-text.js';
import { isMapping } from './recipe-path.js';

/**
 * A recipe given as an object, as JSON: nothing shared, nothing undefined.
 * @throws RecipeError for what JSON can't express (a cycle, a bigint) and what isn't an object.
 */
export function plainCopy(value: unknown, origin: string): Record<string, unknown> {
  const refuse = (message: string): never => {
    throw new RecipeError([{ path: '', message }], origin);
  };
  let copy: unknown;
  let problem: string | undefined;
  try {
    const json = isMapping(value) ? JSON.stringify(value) : undefined;
    problem = json === undefined ? undefined : jsonProblem(json);
    copy = json === undefined || problem !== undefined ? undefined : JSON.parse(json);
  } catch {
    return refuse('is not plain data: it holds a cycle or a value that JSON does not have.');
  }
  if (problem !== undefined) return refuse(problem);
  return isMapping(copy) ? copy : refuse('is not an object. A recipe has the keys source, sink and workflowConfig.');
}
