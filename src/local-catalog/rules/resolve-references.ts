import { entityNotFound } from '../api-error.js';
import type { Json, JsonObject } from '../json-value.js';
import { objectsOf, omit, textOf, textsOf } from '../json-value.js';
import { referenceTo } from '../store/entity-row.js';
import { withUniqueLabels } from './check-labels.js';
import type { Lookup } from '../writing/lookup.js';

/**
 * Completes the references of a request: owners by id, domains and data products by FQN. Empty lists are left out. The
 * catalog has users and teams but no domains and data products: naming one gives a 404, as on a server that lacks it.
 * @throws ApiError 404
 */
export function resolveShared(body: JsonObject, lookup: Lookup): JsonObject {
  for (const domain of textsOf(body['domains'])) throw entityNotFound('domain', domain);
  for (const product of textsOf(body['dataProducts'])) throw entityNotFound('dataProduct', product);
  const shared = withUniqueLabels(omit(body, ['domains', 'dataProducts', 'owners']));
  const owners = resolveReferences(body['owners'], ['user', 'team'], lookup);
  return owners.length === 0 ? shared : { ...shared, owners };
}

/**
 * Each `{id, type}` as a complete reference. @throws ApiError 404 for an entity that doesn't exist, or not of these
 * types
 */
export function resolveReferences(
  list: Json | undefined,
  types: readonly string[],
  lookup: Lookup,
  include: 'live' | 'all' = 'live'
): JsonObject[] {
  return objectsOf(list).map((reference) => resolveReference(reference, types, lookup, include));
}

/** `include` says whether entities marked deleted can still be referred to. */
export function resolveReference(
  reference: JsonObject,
  types: readonly string[],
  lookup: Lookup,
  include: 'live' | 'all' = 'live'
): JsonObject {
  const type = textOf(reference['type']) ?? '';
  const id = textOf(reference['id']) ?? '';
  const stub = types.includes(type) ? lookup.store.stubById(type, id) : undefined;
  if (stub === undefined || (stub.deleted && include === 'live')) throw entityNotFound(type, id);
  return referenceTo(stub);
}
