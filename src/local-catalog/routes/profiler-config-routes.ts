import type { FastifyInstance, FastifyRequest } from 'fastify';
import { entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import { profilerConfigBody } from '../bodies/profile-bodies.js';
import type { Catalog } from '../catalog.js';
import { omit, type JsonObject } from '../json-value.js';
import { database, databaseSchema } from '../kinds/containers.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import { table } from '../kinds/table.js';
import type { EntityRow } from '../store/entity-row.js';
import { viewEntity } from '../view-entity.js';
import { actorOf, param, requireType } from './request-parts.js';

const CONFIGURED: readonly (readonly [kind: EntityKind, key: string])[] = [
  [database, 'databaseProfilerConfig'],
  [databaseSchema, 'databaseSchemaProfilerConfig'],
  [table, 'tableProfilerConfig'],
];

/** What is stored for the profiler of a table, and of all tables of a schema or a database. */
export function profilerConfigRoutes(server: FastifyInstance, { store }: Catalog): void {
  for (const [kind, key] of CONFIGURED) {
    const found = (request: FastifyRequest): EntityRow => {
      const id = param(request, 'id');
      const row = store.findById(kind.type, id);
      if (row === undefined || row.deleted) throw entityNotFound(kind.type, id);
      return row;
    };
    const shown = (request: FastifyRequest, row: EntityRow): JsonObject =>
      viewEntity(kind, row, 'all', actorOf(request));
    const rewritten = (request: FastifyRequest, row: EntityRow, document: JsonObject): JsonObject => {
      store.rewrite(row.id, document);
      return shown(request, { ...row, document });
    };
    const path = `/${kind.path}/:id/${key}`;

    server.put(path, (request) => {
      requireType(request, 'application/json');
      const config = parseBody(profilerConfigBody, request.body);
      const row = found(request);
      return rewritten(request, row, { ...row.document, [key]: config });
    });
    server.get(path, (request) => shown(request, found(request)));
    server.delete(path, (request) => {
      const row = found(request);
      return rewritten(request, row, omit(row.document, [key]));
    });
  }
}
