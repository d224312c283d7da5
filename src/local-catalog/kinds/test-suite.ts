import { entityNotFound } from '../api-error.js';
import { testSuiteBody } from '../bodies/test-bodies.js';
import { childFqn, normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectOf, omit, pick, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { type EntityRow, referenceTo } from '../store/entity-row.js';
import type { Lookup } from '../writing/lookup.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

/** Last part of the FQN of a table's own suite. */
const BASIC = 'testSuite';
const ADDED = ['basic', 'executable', 'basicEntityReference', 'executableEntityReference', 'serviceType'];

/** The tests of one table (basic), or cases of several tables under one name (logical). */
export const testSuite: EntityKind = {
  type: 'testSuite',
  path: 'dataQuality/testSuites',
  model: testSuiteBody,
  patchModel: testSuiteBody,
  onRequest: new Set(['owners', 'tags', 'reviewers']),
  containerKeys: [],
  contains: ['ingestionPipeline'],
  softDelete: true,
  bulk: false,
  filters: {},
  nameOf: (body) => (tableOf(body) === undefined ? nameOf(body) : BASIC),
  parentOf: (body) => {
    const table = tableOf(body);
    return table === undefined ? undefined : { type: 'table', fqn: normaliseFqn(table) };
  },
  build,
  toBody: (row) => ({
    ...withName(row, ADDED),
    ...pick(row.document, ['name']),
    basicEntityReference: textOf(objectOf(row.document['basicEntityReference'])?.['fullyQualifiedName']),
  }),
  afterWrite: (row, { parent, lookup }) => {
    if (parent !== undefined) linkTable(lookup, parent, referenceTo(row));
  },
};

function tableOf(body: JsonObject): string | undefined {
  return textOf(body['basicEntityReference']) ?? textOf(body['executableEntityReference']);
}

function build(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const own = resolveShared(omit(body, ['name', 'basicEntityReference', 'executableEntityReference']), lookup);
  if (parent === undefined) return { ...own, serviceType: 'TestSuite', basic: false };
  return { ...own, ...basicKeys(parent) };
}

/** The name of a basic suite is its whole FQN. */
function basicKeys(table: EntityRow): JsonObject {
  return {
    name: childFqn(table.fqn, BASIC),
    serviceType: 'TestSuite',
    basic: true,
    executable: true,
    basicEntityReference: referenceTo(table),
  };
}

/** The table's own suite; created if it doesn't exist, as the server does for the table's first test case. */
export function basicSuiteOf(lookup: Lookup, table: EntityRow): JsonObject {
  const { store } = lookup;
  const fqn = childFqn(table.fqn, BASIC);
  const known = store.find('testSuite', fqn, 'all');
  if (known !== undefined) return referenceTo(known);
  const document = { ...basicKeys(table), displayName: `${table.name} Test Suite` };
  const row = store.insert(
    {
      type: 'testSuite',
      fqn,
      parentFqn: table.fqn,
      name: BASIC,
      updatedBy: table.updatedBy,
      sourceHash: undefined,
      document,
    },
    Date.now()
  );
  linkTable(lookup, table, referenceTo(row));
  return referenceTo(row);
}

/** A table shows its suite. */
function linkTable(lookup: Lookup, table: EntityRow, suite: JsonObject): void {
  const stored = lookup.store.find('table', table.fqn);
  if (stored === undefined) throw entityNotFound('table', table.fqn);
  if (stored.document['testSuite'] !== undefined) return;
  lookup.store.rewrite(stored.id, { ...stored.document, testSuite: suite });
  lookup.forget('table', table.fqn);
}
