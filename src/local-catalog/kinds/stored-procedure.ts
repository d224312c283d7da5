import { z } from 'zod';
import { flag } from '../bodies/body-parts.js';
import { storedProcedureBody } from '../bodies/container-bodies.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { jsonEqual, omit, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { ASSET_KEYS_ON_REQUEST, ancestry, containerFqn, nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

const CONTAINER_KEYS = ['databaseSchema', 'database', 'service', 'serviceType'];

export const storedProcedure: EntityKind = {
  type: 'storedProcedure',
  path: 'storedProcedures',
  model: storedProcedureBody,
  patchModel: z.strictObject({ ...storedProcedureBody.shape, processedLineage: flag }),
  onRequest: ASSET_KEYS_ON_REQUEST,
  containerKeys: CONTAINER_KEYS,
  contains: [],
  softDelete: true,
  bulk: true,
  deleteStale: true,
  filters: { databaseSchema: 'parent', database: 'ancestor', service: 'ancestor' },
  nameOf,
  parentOf: (body) => ({ type: 'databaseSchema', fqn: normaliseFqn(textOf(body['databaseSchema']) ?? '') }),
  build,
  merged: keepProcessedLineage,
  toBody: (row) => ({ ...withName(row, CONTAINER_KEYS), databaseSchema: containerFqn(row, 'databaseSchema') }),
};

function build(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const typed = { storedProcedureType: 'StoredProcedure', ...body };
  const shared = resolveShared(omit(typed, ['name', 'sourceHash', 'databaseSchema']), lookup);
  return parent === undefined ? shared : { ...shared, ...ancestry(parent, 'databaseSchema') };
}

/** A procedure whose lineage was read stays marked so until its body changes. */
function keepProcessedLineage(stored: JsonObject, merged: JsonObject): JsonObject {
  const done = stored['processedLineage'];
  if (done === undefined || !jsonEqual(merged['storedProcedureCode'], stored['storedProcedureCode'])) return merged;
  return { ...merged, processedLineage: done };
}
