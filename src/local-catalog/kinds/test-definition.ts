import { testDefinitionBody, testDefinitionPatch } from '../bodies/test-bodies.js';
import { omit, pick } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind } from './entity-kind.js';

/** Set by the server and by PATCH only. */
const SWITCHES = ['enabled', 'supportsRowLevelPassedFailed', 'supportsDynamicAssertion'];

/** What a test is: its parameters, the types of columns it takes. The built-in ones are there from the start. */
export const testDefinition: EntityKind = {
  type: 'testDefinition',
  path: 'dataQuality/testDefinitions',
  model: testDefinitionBody,
  patchModel: testDefinitionPatch,
  onRequest: new Set(['owners']),
  containerKeys: [],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: {},
  keptKeys: [...SWITCHES, 'provider'],
  nameOf,
  parentOf: () => undefined,
  build: (body, { lookup, before }) => ({
    enabled: true,
    provider: 'user',
    ...pick(before ?? {}, SWITCHES),
    ...resolveShared(omit(body, ['name']), lookup),
  }),
  toBody: (row) => withName(row, []),
};
