import { createHash } from 'node:crypto';
import { badRequest, entityNotFound } from '../api-error.js';
import { queryBody } from '../bodies/query-body.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { objectOf, objectsOf, omit, textOf, textsOf } from '../json-value.js';
import { resolveReference, resolveReferences, resolveShared } from '../rules/resolve-references.js';
import { type EntityRow, referenceTo } from '../store/entity-row.js';
import { checksumHolder, writeQueryLinks } from '../store/query-links.js';
import type { Lookup } from '../writing/lookup.js';
import { containerFqn, withName } from './body-keys.js';
import type { EntityKind, Place } from './entity-kind.js';

/** What a query can be used in or started by. */
const ASSETS = ['table', 'storedProcedure', 'databaseSchema', 'database', 'databaseService'];

/** A query text of a service, kept once; its name is the MD5 of the text unless the request gives one. */
export const query: EntityKind = {
  type: 'query',
  path: 'queries',
  model: queryBody,
  patchModel: queryBody,
  onRequest: new Set(['owners', 'tags', 'users', 'queryUsedIn']),
  containerKeys: ['service', 'checksum'],
  contains: [],
  softDelete: false,
  bulk: true,
  filters: { service: 'parent' },
  keptKeys: ['duration', 'query_type', 'exclude_usage', 'queryDate', 'triggeredBy'],
  nameOf: (body) => textOf(body['name']) ?? md5(textOf(body['query']) ?? ''),
  parentOf: (body) => ({ type: 'databaseService', fqn: normaliseFqn(textOf(body['service']) ?? '') }),
  build,
  toBody: (row) => ({
    ...withName(row, ['service', 'checksum', 'users']),
    service: containerFqn(row, 'service'),
    users: objectsOf(row.document['users']).map((user) => textOf(user['fullyQualifiedName']) ?? ''),
  }),
  afterWrite,
};

function build(body: JsonObject, { fqn, parent, lookup }: Place): JsonObject {
  const checksum = md5(textOf(body['query']) ?? '');
  const holder = checksumHolder(lookup.store.sqlite, checksum);
  if (holder !== undefined && holder !== fqn) {
    throw badRequest(
      `Duplicate entry ${checksum} for the unique checksum of queries: this text is stored as ${holder}`
    );
  }
  const triggeredBy = objectOf(body['triggeredBy']);
  const document = {
    processedLineage: false,
    ...resolveShared(omit(body, ['name', 'service', 'dialect']), lookup),
    users: textsOf(body['users']).map((user) => userReference(user, lookup)),
    usedBy: [...new Set(textsOf(body['usedBy']))],
    queryUsedIn: resolveReferences(body['queryUsedIn'], ASSETS, lookup, 'all'),
    ...(triggeredBy === undefined ? {} : { triggeredBy: resolveReference(triggeredBy, ASSETS, lookup, 'all') }),
    checksum,
  };
  return parent === undefined ? document : { ...document, service: referenceTo(parent) };
}

function userReference(fqn: string, lookup: Lookup): JsonObject {
  const user = lookup.live('user', fqn);
  if (user === undefined) throw entityNotFound('user', fqn);
  return referenceTo(user);
}

function afterWrite(row: EntityRow, { lookup }: Place): void {
  const usedIn = objectsOf(row.document['queryUsedIn']).map((reference) => textOf(reference['id']) ?? '');
  writeQueryLinks(lookup.store.sqlite, row.id, textOf(row.document['checksum']) ?? '', usedIn);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
