import { type RecipePath, valueAt } from './recipe-path.js';

export const OWN_CONNECTION: RecipePath = ['source', 'serviceConnection', 'config'];
const LISTED: RecipePath = ['source', 'sourceConfig', 'config', 'serviceConnections'];

/** Where an entry of `serviceConnections` has its connection. */
export function listedConnection(index: number): RecipePath {
  return [...LISTED, index, 'serviceConnection', 'config'];
}

/** Every place of a recipe, checked or not, where a connection may be: the source's own, then those that it lists. */
export function connectionPlaces(recipe: unknown): readonly RecipePath[] {
  const list = valueAt(recipe, LISTED);
  return [OWN_CONNECTION, ...(Array.isArray(list) ? list : []).map((_, index) => listedConnection(index))];
}
