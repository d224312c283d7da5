import { databaseServiceBody } from '../bodies/container-bodies.js';
import { omit } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind } from './entity-kind.js';

/** A service is its connection and the root of everything read through it. */
export const databaseService: EntityKind = {
  type: 'databaseService',
  path: 'services/databaseServices',
  model: databaseServiceBody,
  patchModel: databaseServiceBody,
  onRequest: new Set(['owners', 'tags', 'ingestionRunner']),
  containerKeys: [],
  contains: [
    'database',
    'databaseSchema',
    'table',
    'storedProcedure',
    'query',
    'ingestionPipeline',
    'testSuite',
    'testCase',
  ],
  softDelete: true,
  bulk: false,
  filters: {},
  holdsSecrets: true,
  keptKeys: ['connection', 'style', 'ingestionRunner'],
  nameOf,
  parentOf: () => undefined,
  build: (body, { lookup }) => resolveShared(omit(body, ['name']), lookup),
  toBody: (row) => withName(row, []),
};
