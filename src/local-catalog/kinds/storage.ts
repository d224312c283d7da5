import { containerBody, storageServiceBody } from '../bodies/storage-bodies.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { omit, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { ASSET_KEYS_ON_REQUEST, ancestry, containerFqn, nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

/** What keeps files; here so that lineage can begin at its containers. */
export const storageService: EntityKind = {
  type: 'storageService',
  path: 'services/storageServices',
  model: storageServiceBody,
  patchModel: storageServiceBody,
  onRequest: new Set(['owners', 'tags']),
  containerKeys: [],
  contains: ['container'],
  softDelete: true,
  bulk: false,
  filters: {},
  holdsSecrets: true,
  keptKeys: ['connection'],
  nameOf,
  parentOf: () => undefined,
  build: (body, { lookup }) => resolveShared(omit(body, ['name']), lookup),
  toBody: (row) => withName(row, []),
};

/** A bucket or a folder of a storage service. */
export const container: EntityKind = {
  type: 'container',
  path: 'containers',
  model: containerBody,
  patchModel: containerBody,
  onRequest: ASSET_KEYS_ON_REQUEST,
  containerKeys: ['service', 'serviceType'],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: { service: 'parent' },
  nameOf,
  parentOf: (body) => ({ type: 'storageService', fqn: normaliseFqn(textOf(body['service']) ?? '') }),
  build,
  toBody: (row) => ({ ...withName(row, ['service', 'serviceType']), service: containerFqn(row, 'service') }),
};

function build(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const shared = resolveShared(omit(body, ['name', 'sourceHash', 'service']), lookup);
  return parent === undefined ? shared : { ...shared, ...ancestry(parent, 'service') };
}
