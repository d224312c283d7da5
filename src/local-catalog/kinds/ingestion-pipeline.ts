import { entityNotFound } from '../api-error.js';
import { ingestionPipelineBody } from '../bodies/pipeline-bodies.js';
import type { JsonObject } from '../json-value.js';
import { objectOf, omit, textOf } from '../json-value.js';
import { resolveShared } from '../rules/resolve-references.js';
import { referenceTo } from '../store/entity-row.js';
import type { Lookup } from '../writing/lookup.js';
import { nameOf, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

/** A recipe known to the catalog: runs report their statuses to it. */
export const ingestionPipeline: EntityKind = {
  type: 'ingestionPipeline',
  path: 'services/ingestionPipelines',
  model: ingestionPipelineBody,
  patchModel: ingestionPipelineBody,
  onRequest: new Set(['owners']),
  containerKeys: ['service'],
  contains: [],
  softDelete: true,
  bulk: false,
  filters: { service: 'parent' },
  holdsSecrets: true,
  nameOf,
  parentOf: serviceOf,
  build,
  toBody: (row) => withName(row, []),
};

/** Pipelines of data quality belong to a test suite. */
const SERVICES = new Set(['databaseService', 'testSuite']);

/** The service comes as `{id, type}`; its FQN is the head of the pipeline's. */
function serviceOf(body: JsonObject, lookup: Lookup): { type: string; fqn: string } {
  const reference = objectOf(body['service']);
  const type = textOf(reference?.['type']) ?? '';
  const id = textOf(reference?.['id']) ?? '';
  const service = SERVICES.has(type) ? lookup.liveById(type, id) : undefined;
  if (service === undefined) throw entityNotFound(type, id);
  return { type, fqn: service.fqn };
}

function build(body: JsonObject, { parent, lookup }: Place): JsonObject {
  const defaults = {
    loggerLevel: 'INFO',
    raiseOnError: true,
    provider: 'user',
    enableStreamableLogs: false,
    deployed: false,
    enabled: true,
  };
  const shared = resolveShared({ ...defaults, ...omit(body, ['name', 'service']) }, lookup);
  return parent === undefined ? shared : { ...shared, service: referenceTo(parent) };
}
