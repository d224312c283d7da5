import type { FastifyInstance, FastifyRequest } from 'fastify';
import { badRequest, entityNotFound } from '../api-error.js';
import { joinsBody, usageBody } from '../bodies/usage-bodies.js';
import { parseBody } from '../bodies/parse-body.js';
import type { Catalog } from '../catalog.js';
import { childFqn, normaliseFqn, parentOf } from '../fqn.js';
import { objectOf, textOf } from '../json-value.js';
import { referenceTo, type EntityRow } from '../store/entity-row.js';
import { JoinStore } from '../store/join-store.js';
import { UsageStore, usageStats } from '../store/usage-store.js';
import { Lookup } from '../writing/lookup.js';
import { param, query, queryNumber, requireType } from './request-parts.js';
import { MOST_DAYS, dateOf, daysBefore, tableJoins, today } from './table-joins.js';

const READ_TYPES: ReadonlySet<string> = new Set(['table', 'databaseSchema', 'database']);

/** How often tables are used and joined, with the server's rules about what is added and what is replaced. */
export function usageRoutes(server: FastifyInstance, { store }: Catalog): void {
  const usage = new UsageStore(store.sqlite);
  const joins = new JoinStore(store.sqlite);

  for (const method of ['POST', 'PUT'] as const) {
    for (const by of ['/usage/:type/:id', '/usage/:type/name/:fqn']) {
      server.route({
        method,
        url: by,
        handler: (request, reply) => {
          requireType(request, 'application/json');
          const { date, count } = parseBody(usageBody, request.body);
          if (param(request, 'type') !== 'table')
            throw badRequest(`Usage of ${param(request, 'type')} is not written here`);
          const table = entityOf(request);
          store.sqlite.transaction(() => {
            // a POST replaces the table's own count; both add to what contains it
            if (method === 'POST') usage.set(table, date, count);
            else usage.add(table, date, count);
            for (const parent of containersOf(table)) usage.add(parent, date, count);
          });
          void reply.code(201);
          return { eventType: 'entityUpdated', entityType: 'table', entityId: table.id, timestamp: Date.now() };
        },
      });
    }
  }

  for (const by of ['/usage/:type/:id', '/usage/:type/name/:fqn']) {
    server.get(by, (request) => {
      const entity = entityOf(request);
      const to = query(request, 'date') ?? today();
      const days = Math.min(queryNumber(request, 'days', 1, 1), MOST_DAYS);
      const rows = usage.list(entity.id, daysBefore(dateOf(to, 'date'), days - 1), to);
      return { entity: referenceTo(entity), usage: rows.map(usageStats) };
    });
  }

  server.post('/usage/compute.percentile/:type/:date', (request, reply) => {
    const type = readType(request);
    usage.rank(type, dateOf(param(request, 'date'), 'date'));
    void reply.code(201);
    return { type, date: param(request, 'date') };
  });

  server.put('/tables/:id/joins', (request) => {
    requireType(request, 'application/json');
    const body = parseBody(joinsBody, request.body);
    const table = store.findById('table', param(request, 'id'));
    if (table === undefined) throw entityNotFound('table', param(request, 'id'));
    const oldest = daysBefore(today(), MOST_DAYS - 1);
    if (body.startDate < oldest) {
      throw badRequest(
        `Date range can only include past ${MOST_DAYS} days starting today: startDate ${body.startDate}`
      );
    }
    joins.forgetBefore(oldest);
    store.sqlite.transaction(() => {
      const lookup = new Lookup(store);
      for (const { columnName, joinedWith } of body.columnJoins ?? []) {
        const own = childFqn(table.fqn, columnName);
        if (!lookup.columnsOf(table.fqn).has(own))
          throw badRequest(`Invalid column name ${columnName} of ${table.fqn}`);
        for (const { fullyQualifiedName, joinCount } of joinedWith) {
          const other = joinedColumn(fullyQualifiedName, lookup);
          joins.put({ tableId: table.id, columnFqn: own }, other, body.startDate, joinCount);
        }
      }
    });
    return { ...referenceTo(table), joins: tableJoins(joins, table.id) };
  });

  function joinedColumn(fqn: string, lookup: Lookup): { tableId: string; columnFqn: string } {
    const column = normaliseFqn(fqn);
    const tableFqn = parentOf(column) ?? '';
    const other = store.find('table', tableFqn);
    if (other === undefined) throw entityNotFound('table', tableFqn);
    if (!lookup.columnsOf(tableFqn).has(column)) throw badRequest(`Invalid column name ${fqn}`);
    return { tableId: other.id, columnFqn: column };
  }

  function entityOf(request: FastifyRequest): EntityRow {
    const type = readType(request);
    const params = request.params;
    const byName = typeof params === 'object' && params !== null && 'fqn' in params;
    const name = param(request, byName ? 'fqn' : 'id');
    const found = byName ? store.find(type, normaliseFqn(name)) : store.findById(type, name);
    if (found === undefined) throw entityNotFound(type, name);
    return found;
  }
}

/** Its schema and its database. */
function containersOf(table: EntityRow): { id: string; type: string }[] {
  return ['databaseSchema', 'database'].flatMap((type) => {
    const id = textOf(objectOf(table.document[type])?.['id']);
    return id === undefined ? [] : [{ id, type }];
  });
}

function readType(request: FastifyRequest): string {
  const type = param(request, 'type');
  if (!READ_TYPES.has(type)) throw badRequest(`Usage of ${type} is not kept here`);
  return type;
}
