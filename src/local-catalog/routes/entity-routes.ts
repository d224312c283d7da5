import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import { parseFields } from '../kinds/field-names.js';
import type { EntityRow } from '../store/entity-row.js';
import { listEntities, type ListFilter } from '../store/entity-listing.js';
import { usageFields } from '../usage-fields.js';
import { viewEntity } from '../view-entity.js';
import { bulkPut } from '../writing/bulk-put.js';
import { Lookup } from '../writing/lookup.js';
import { patchBody } from '../writing/patch-body.js';
import { entityTag, patchEntity } from '../writing/patch-entity.js';
import { actorOf, param, query, queryFlag, queryInclude, queryNumber, requireType } from './request-parts.js';

const DEFAULT_PAGE = 10;
const JSON_TYPE = 'application/json';
const PATCH_TYPE = 'application/json-patch+json';

/** PUT, bulk PUT, lists, GET and PATCH of one type of entity. */
export function entityRoutes(server: FastifyInstance, catalog: Catalog, kind: EntityKind): void {
  const { store, writer } = catalog;

  server.put(`/${kind.path}`, (request, reply) => {
    requireType(request, JSON_TYPE);
    const body = parseBody(kind.model, request.body);
    const lookup = new Lookup(store);
    const options = putOptions(request);
    const put = store.sqlite.transaction(() =>
      writer.put(kind, body, writer.target(kind, body, lookup), lookup, options)
    );
    void reply.code(put.outcome === 'created' ? 201 : 200);
    return answer(request, reply, put.row);
  });

  if (kind.bulk) {
    const model = z.array(kind.model);
    server.put(`/${kind.path}/bulk`, (request) => {
      requireType(request, JSON_TYPE);
      queryFlag(request, 'async', false);
      return bulkPut(writer, kind, parseBody(model, request.body), putOptions(request));
    });
  }

  server.get(`/${kind.path}`, (request) => {
    const limit = queryNumber(request, 'limit', DEFAULT_PAGE, 0);
    const fields = parseFields(query(request, 'fields'));
    const page = listEntities(store.sqlite, listFilter(request, kind), limit, query(request, 'after'));
    const data = page.rows.map((row) => ({
      ...viewEntity(kind, writer.opened(kind, row), fields, actorOf(request)),
      ...usageFields(store.sqlite, row, fields),
    }));
    return { data, paging: { total: page.total, ...(page.after === undefined ? {} : { after: page.after }) } };
  });

  server.get(`/${kind.path}/name/:fqn`, (request, reply) => {
    const fqn = param(request, 'fqn');
    const row = store.find(kind.type, normaliseFqn(fqn), queryInclude(request));
    if (row === undefined) throw entityNotFound(kind.type, fqn);
    return answer(request, reply, row);
  });

  server.get(`/${kind.path}/:id`, (request, reply) => {
    const id = param(request, 'id');
    const row = store.findById(kind.type, id, queryInclude(request));
    if (row === undefined) throw entityNotFound(kind.type, id);
    return answer(request, reply, row);
  });

  server.patch(`/${kind.path}/:id`, (request, reply) => {
    requireType(request, PATCH_TYPE);
    const operations = parseBody(patchBody, request.body);
    const id = param(request, 'id');
    const call = { actor: actorOf(request), now: Date.now(), ifMatch: request.headers['if-match'] };
    const row = store.sqlite.transaction(() => {
      const stored = store.findById(kind.type, id);
      if (stored === undefined) throw entityNotFound(kind.type, id);
      return patchEntity(writer, kind, stored, operations, call);
    });
    return answer(request, reply, row, 'all');
  });

  function answer(request: FastifyRequest, reply: FastifyReply, row: EntityRow, all?: 'all'): JsonObject {
    const fields = all ?? (request.method === 'PUT' ? 'all' : parseFields(query(request, 'fields')));
    void reply.header('etag', entityTag(row.version));
    const used = request.method === 'GET' ? usageFields(store.sqlite, row, fields) : {};
    return { ...viewEntity(kind, writer.opened(kind, row), fields, actorOf(request)), ...used };
  }
}

function putOptions(request: FastifyRequest): {
  actor: ReturnType<typeof actorOf>;
  overrideMetadata: boolean;
  now: number;
} {
  return {
    actor: actorOf(request),
    overrideMetadata: queryFlag(request, 'overrideMetadata', false),
    now: Date.now(),
  };
}

/** Queries can also be listed by an entity they are used in. */
function usedByEntity(request: FastifyRequest, kind: EntityKind): { usedByEntity?: string } {
  const id = kind.type === 'query' ? query(request, 'entityId') : undefined;
  return id === undefined ? {} : { usedByEntity: id };
}

/** Test cases can also be listed by their suite. */
function inTestSuite(request: FastifyRequest, kind: EntityKind): { inTestSuite?: string } {
  const id = kind.type === 'testCase' ? query(request, 'testSuiteId') : undefined;
  return id === undefined ? {} : { inTestSuite: id };
}

/** The narrowest named container wins, as if only it were named. */
function listFilter(request: FastifyRequest, kind: EntityKind): ListFilter {
  const filter = {
    type: kind.type,
    include: queryInclude(request),
    ...usedByEntity(request, kind),
    ...inTestSuite(request, kind),
  };
  for (const [parameter, relation] of Object.entries(kind.filters)) {
    const value = query(request, parameter);
    if (value === undefined || value === '') continue;
    const fqn = normaliseFqn(value);
    return relation === 'parent' ? { ...filter, parentFqn: fqn } : { ...filter, belowFqn: fqn };
  }
  return filter;
}
