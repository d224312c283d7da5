import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { entityNotFound } from '../api-error.js';
import { parseBody } from '../bodies/parse-body.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import type { EntityKind } from '../kinds/entity-kind.js';
import type { EntityStub } from '../store/entity-store.js';
import { viewEntity } from '../view-entity.js';
import { deleteEntity } from '../writing/delete-entity.js';
import { deleteStale, deleteStaleBody } from '../writing/delete-stale.js';
import { actorOf, param, queryFlag } from './request-parts.js';

/** Every way to delete entities of one type. */
export function deleteRoutes(server: FastifyInstance, catalog: Catalog, kind: EntityKind): void {
  const { store, writer } = catalog;

  server.delete(`/${kind.path}/:id`, (request) => {
    const id = param(request, 'id');
    return remove(request, store.stubById(kind.type, id), id);
  });

  server.delete(`/${kind.path}/name/:fqn`, (request) => {
    const fqn = param(request, 'fqn');
    return remove(request, store.stub(kind.type, normaliseFqn(fqn)), fqn);
  });

  /** Done before the answer is sent: SQLite is quick enough, and the caller need not poll. */
  server.delete(`/${kind.path}/async/:id`, (request, reply) => {
    const id = param(request, 'id');
    remove(request, store.stubById(kind.type, id), id);
    void reply.code(202);
    return { jobId: randomUUID(), message: `${kind.type} ${id} is deleted` };
  });

  if (kind.deleteStale === true) {
    server.delete(`/${kind.path}/deleteStale`, (request) =>
      deleteStale(store, kind, parseBody(deleteStaleBody, request.body), { actor: actorOf(request), now: Date.now() })
    );
  }

  function remove(request: FastifyRequest, stub: EntityStub | undefined, name: string): JsonObject {
    if (stub === undefined) throw entityNotFound(kind.type, name);
    const options = {
      hardDelete: queryFlag(request, 'hardDelete', false),
      recursive: queryFlag(request, 'recursive', false),
      actor: actorOf(request),
      now: Date.now(),
    };
    return store.sqlite.transaction(() => {
      const before = store.findById(kind.type, stub.id, 'all');
      deleteEntity(store, kind, stub, options);
      const row = store.findById(kind.type, stub.id, 'all') ?? before;
      if (row === undefined) throw entityNotFound(kind.type, name);
      return { ...viewEntity(kind, writer.opened(kind, row), new Set(), options.actor), deleted: true };
    });
  }
}
