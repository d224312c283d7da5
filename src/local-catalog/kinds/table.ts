import { z } from 'zod';
import { flag, freeObject } from '../bodies/body-parts.js';
import { tableBody } from '../bodies/table-body.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { jsonEqual, omit, pick, textOf } from '../json-value.js';
import { buildColumns } from '../rules/build-columns.js';
import { checkConstraints } from '../rules/check-constraints.js';
import { resolveShared } from '../rules/resolve-references.js';
import { ASSET_KEYS_ON_REQUEST, ancestry, containerFqn, nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

const CONTAINER_KEYS = ['databaseSchema', 'database', 'service', 'serviceType'];

export const table: EntityKind = {
  type: 'table',
  path: 'tables',
  model: tableBody,
  patchModel: z.strictObject({
    ...tableBody.shape,
    processedLineage: flag,
    customMetrics: z.array(freeObject).nullish(),
  }),
  onRequest: new Set([
    ...ASSET_KEYS_ON_REQUEST,
    'tableConstraints',
    'tablePartition',
    'schemaDefinition',
    'dataModel',
    'tableProfilerConfig',
    'testSuite',
  ]),
  containerKeys: [...CONTAINER_KEYS, 'testSuite'],
  contains: ['testSuite', 'testCase', 'ingestionPipeline'],
  softDelete: true,
  bulk: true,
  deleteStale: true,
  filters: { databaseSchema: 'parent', database: 'ancestor', service: 'ancestor' },
  keptKeys: ['customMetrics', 'dataModel', 'tableProfilerConfig', 'testSuite'],
  nameOf,
  parentOf: (body) => ({ type: 'databaseSchema', fqn: normaliseFqn(textOf(body['databaseSchema']) ?? '') }),
  build,
  merged: keepProcessedLineage,
  toBody: (row) => ({
    ...withName(row, [...CONTAINER_KEYS, 'testSuite']),
    databaseSchema: containerFqn(row, 'databaseSchema'),
  }),
};

function build(body: JsonObject, { fqn, parent, lookup, before }: Place): JsonObject {
  const shared = resolveShared(omit(body, ['name', 'sourceHash', 'databaseSchema']), lookup);
  const columns = buildColumns(body['columns'], fqn);
  const document = { ...shared, columns, ...pick(before ?? {}, ['testSuite']) };
  if (before === undefined || !sameStructure(before, document)) checkConstraints(document, fqn, lookup);
  return parent === undefined ? document : { ...document, ...ancestry(parent, 'databaseSchema') };
}

/** Then a foreign key may lead to a table that has been deleted since. */
function sameStructure(before: JsonObject, after: JsonObject): boolean {
  return ['tableConstraints', 'columns'].every((key) => jsonEqual(before[key], after[key]));
}

/** A view whose lineage was read stays marked so until its SQL changes. */
function keepProcessedLineage(stored: JsonObject, merged: JsonObject): JsonObject {
  const done = stored['processedLineage'];
  if (done === undefined || merged['schemaDefinition'] !== stored['schemaDefinition']) return merged;
  return { ...merged, processedLineage: done };
}
