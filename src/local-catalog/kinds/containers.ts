import { z } from 'zod';
import { freeObject } from '../bodies/body-parts.js';
import { databaseBody, databaseSchemaBody } from '../bodies/container-bodies.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { omit, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { ASSET_KEYS_ON_REQUEST, ancestry, containerFqn, nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

export const database: EntityKind = {
  type: 'database',
  path: 'databases',
  model: databaseBody,
  patchModel: z.strictObject({ ...databaseBody.shape, databaseProfilerConfig: freeObject.nullish() }),
  onRequest: new Set([...ASSET_KEYS_ON_REQUEST, 'databaseProfilerConfig']),
  keptKeys: ['databaseProfilerConfig'],
  containerKeys: ['service', 'serviceType'],
  contains: ['databaseSchema', 'table', 'storedProcedure', 'testSuite', 'testCase'],
  softDelete: true,
  bulk: true,
  deleteStale: true,
  filters: { service: 'parent' },
  nameOf,
  parentOf: (body) => ({ type: 'databaseService', fqn: normaliseFqn(textOf(body['service']) ?? '') }),
  build: buildDatabase,
  toBody: (row) => ({ ...withName(row, ['service', 'serviceType']), service: containerFqn(row, 'service') }),
};

export const databaseSchema: EntityKind = {
  type: 'databaseSchema',
  path: 'databaseSchemas',
  model: databaseSchemaBody,
  patchModel: z.strictObject({ ...databaseSchemaBody.shape, databaseSchemaProfilerConfig: freeObject.nullish() }),
  onRequest: new Set([...ASSET_KEYS_ON_REQUEST, 'databaseSchemaProfilerConfig']),
  keptKeys: ['databaseSchemaProfilerConfig'],
  containerKeys: ['database', 'service', 'serviceType'],
  contains: ['table', 'storedProcedure', 'testSuite', 'testCase'],
  softDelete: true,
  bulk: true,
  deleteStale: true,
  filters: { database: 'parent', service: 'ancestor' },
  nameOf,
  parentOf: (body) => ({ type: 'database', fqn: normaliseFqn(textOf(body['database']) ?? '') }),
  build: buildSchema,
  toBody: (row) => ({
    ...withName(row, ['database', 'service', 'serviceType']),
    database: containerFqn(row, 'database'),
  }),
};

function buildDatabase(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const shared = resolveShared(omit(body, ['name', 'sourceHash', 'service']), lookup);
  return parent === undefined ? shared : { ...shared, ...ancestry(parent, 'service') };
}

function buildSchema(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const shared = resolveShared(omit(body, ['name', 'sourceHash', 'database']), lookup);
  return parent === undefined ? shared : { ...shared, ...ancestry(parent, 'database') };
}
