import { badRequest, entityNotFound } from '../api-error.js';
import { testCaseBody, testCasePatch } from '../bodies/test-bodies.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectOf, objectsOf, omit, pick, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { type EntityRow, referenceTo } from '../store/entity-row.js';
import { TestStore } from '../store/test-store.js';
import type { Lookup } from '../writing/lookup.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';
import { basicSuiteOf } from './test-suite.js';

/** What results and suites write into a case; a PUT leaves it alone and a PATCH can't change it. */
const MANAGED = ['testCaseResult', 'testCaseStatus', 'incidentId', 'inspectionQuery', 'testSuites'];
const DERIVED = ['testSuite', 'entityFQN'];

/** A test of one table or column with its parameters. */
export const testCase: EntityKind = {
  type: 'testCase',
  path: 'dataQuality/testCases',
  model: testCaseBody,
  patchModel: testCasePatch,
  onRequest: new Set([
    'owners',
    'tags',
    'reviewers',
    'testSuite',
    'testSuites',
    'testDefinition',
    'incidentId',
    'inspectionQuery',
  ]),
  containerKeys: [...MANAGED, ...DERIVED],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: {},
  keptKeys: [...MANAGED, 'autoCloseIncident'],
  nameOf,
  parentOf: (body) => ({ type: 'table', fqn: linked(body).table }),
  within: (body) => linked(body).columns,
  build,
  toBody: (row) => ({
    ...withName(row, [...MANAGED, ...DERIVED]),
    testDefinition: textOf(objectOf(row.document['testDefinition'])?.['fullyQualifiedName']),
  }),
  afterWrite: (row, { lookup }) => {
    const suite = textOf(objectOf(row.document['testSuite'])?.['id']);
    if (suite !== undefined) new TestStore(lookup.store.sqlite).addToSuite(suite, [row.id]);
  },
};

const LINK = /^<#E::table::((?:[^:<>|]|:[^:<>|])+)(?:::columns::((?:[^:<>|]|:[^:<>|])+))?>$/su;

function linked(body: JsonObject): { table: string; columns: readonly string[] } {
  const link = textOf(body['entityLink']) ?? '';
  const match = LINK.exec(link);
  if (match?.[1] === undefined)
    throw badRequest(`entityLink: ${link} is not <#E::table::FQN> or <#E::table::FQN::columns::NAME>`);
  return { table: normaliseFqn(match[1]), columns: match[2] === undefined ? [] : [match[2]] };
}

function build(body: JsonObject, { fqn, parent, lookup, before }: Place): JsonObject {
  const definition = definitionOf(body, lookup);
  checkParameters(body, definition);
  if (parent === undefined) throw badRequest('entityLink: no table');
  const suite = basicSuiteOf(lookup, parent);
  return {
    computePassedFailedRowCount: false,
    useDynamicAssertion: false,
    topDimensions: 5,
    ...resolveShared(omit(body, ['name', 'testDefinition']), lookup),
    testDefinition: referenceTo(definition),
    entityFQN: fqn.slice(0, fqn.length - nameLength(body, fqn) - 1),
    testSuite: suite,
    ...pick(before ?? { testSuites: [suite] }, MANAGED),
  };
}

/** The case's own name, as at the end of its FQN. */
function nameLength(body: JsonObject, fqn: string): number {
  const name = nameOf(body);
  return fqn.endsWith('"') ? name.replaceAll('"', '').length + 2 : name.replaceAll('"', '').length;
}

function definitionOf(body: JsonObject, lookup: Lookup): EntityRow {
  const name = textOf(body['testDefinition']) ?? '';
  const definition = lookup.live('testDefinition', name);
  if (definition === undefined) throw entityNotFound('testDefinition', name);
  return definition;
}

/** @throws ApiError 400 when a required parameter is missing */
function checkParameters(body: JsonObject, definition: EntityRow): void {
  const given = new Set(objectsOf(body['parameterValues']).map((value) => textOf(value['name'])));
  for (const parameter of objectsOf(definition.document['parameterDefinition'])) {
    const name = textOf(parameter['name']) ?? '';
    if (parameter['required'] === true && !given.has(name))
      throw badRequest(`Required parameter ${name} is not passed in parameterValues`);
  }
}
