import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import { queryCostBody, queryUsersBody, queryUsesBody } from '../bodies/usage-bodies.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import { objectsOf, parseJsonObject, textOf, textsOf, withoutNulls, type JsonObject } from '../json-value.js';
import { query as queryKind } from '../kinds/query.js';
import { referenceTo, type EntityRow } from '../store/entity-row.js';
import { textAt } from '../store/sqlite.js';
import { Lookup } from '../writing/lookup.js';
import { actorOf, param, queryNumber, requireType } from './request-parts.js';

/** Cost records of a page. */
const MOST_RECORDS = 1_000;

/** What is added to a stored query: where it is used, by whom, and what it cost. */
export function queryUseRoutes(server: FastifyInstance, { store, writer }: Catalog): void {
  const { sqlite } = store;

  server.put('/queries/:id/usage', (request, reply) => {
    const more = parseBody(queryUsesBody, request.body);
    return added(request, reply, (body) => ({
      queryUsedIn: distinct([...objectsOf(body['queryUsedIn']), ...more.map(({ id, type }) => ({ id, type }))], idOf),
    }));
  });

  server.put('/queries/:id/users', (request, reply) => {
    const more = parseBody(queryUsersBody, request.body);
    return added(request, reply, (body) => ({ users: distinct([...textsOf(body['users']), ...more], same) }));
  });

  server.put('/queries/:id/usedBy', (request, reply) => {
    const more = parseBody(queryUsersBody, request.body);
    return added(request, reply, (body) => ({
      usedBy: distinct([...textsOf(body['usedBy']), ...more], same),
    }));
  });

  server.post('/queryCostRecord', (request, reply) => {
    requireType(request, 'application/json');
    const body = parseBody(queryCostBody, request.body);
    const found = store.findById('query', body.queryReference.id);
    if (found === undefined) throw entityNotFound('query', body.queryReference.id);
    const taken = sqlite
      .prepare('SELECT 1 FROM query_costs WHERE query_id = ? AND timestamp = ?')
      .row(found.id, body.timestamp);
    if (taken !== undefined) throw new ApiError(409, 'Entity already exists');
    const id = randomUUID();
    const record = { id, ...withoutNulls(body), queryReference: referenceTo(found) };
    sqlite
      .prepare('INSERT INTO query_costs (id, query_id, timestamp, record) VALUES (?, ?, ?, ?)')
      .run(id, found.id, body.timestamp, JSON.stringify(record));
    void reply.code(201);
    return record;
  });

  server.get('/queryCostRecord/:id', (request) => {
    const row = sqlite.prepare('SELECT record FROM query_costs WHERE id = ?').row(param(request, 'id'));
    if (row === undefined) throw entityNotFound('queryCostRecord', param(request, 'id'));
    return parseJsonObject(textAt(row, 0));
  });

  server.get('/queryCostRecord/service/:name', (request) => {
    const service = normaliseFqn(param(request, 'name'));
    const ofService =
      "query_costs JOIN entities ON entities.id = query_id WHERE entities.type = 'query' AND parent_fqn = ?";
    const limit = Math.min(queryNumber(request, 'limit', MOST_RECORDS, 0), MOST_RECORDS);
    // records are only added, so that what comes before a place stays the same but for older days sent later
    const from = queryNumber(request, 'after', 0, 0);
    const rows = sqlite
      .prepare(`SELECT record FROM ${ofService} ORDER BY timestamp, fqn LIMIT ? OFFSET ?`)
      .rows(service, limit, from);
    const total = Number(sqlite.prepare(`SELECT COUNT(*) FROM ${ofService}`).row(service)?.[0]);
    const next = from + rows.length;
    const after = rows.length === 0 || next >= total ? {} : { after: String(next) };
    return { data: rows.map((row) => parseJsonObject(textAt(row, 0))), paging: { total, ...after } };
  });

  function added(request: FastifyRequest, reply: FastifyReply, change: (body: JsonObject) => JsonObject): JsonObject {
    requireType(request, 'application/json');
    const now = Date.now();
    const actor = actorOf(request);
    const row = sqlite.transaction((): EntityRow => {
      const stored = store.findById('query', param(request, 'id'));
      if (stored === undefined) throw entityNotFound('query', param(request, 'id'));
      const body = queryKind.toBody(stored);
      const options = { actor, now, overrideMetadata: true };
      return writer.replace(queryKind, stored, { ...body, ...change(body) }, new Lookup(store), options);
    });
    void reply.code(201);
    return { eventType: 'entityUpdated', entityType: 'query', entityId: row.id, timestamp: now };
  }
}

function distinct<T>(members: readonly T[], keyOf: (member: T) => string): T[] {
  return [...new Map(members.map((member) => [keyOf(member), member])).values()];
}

function idOf(reference: JsonObject): string {
  return textOf(reference['id']) ?? '';
}

function same(text: string): string {
  return text;
}
