import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { entityNotFound } from '../api-error.js';
import { addLineageBody, lineageDetailsBody } from '../bodies/lineage-bodies.js';
import { parseBody } from '../bodies/parse-body.js';
import type { Catalog } from '../catalog.js';
import { normaliseFqn } from '../fqn.js';
import type { JsonObject } from '../json-value.js';
import { lineageGraph } from '../lineage/lineage-graph.js';
import { LineageWriter, type EndName } from '../lineage/lineage-writer.js';
import { LineageStore } from '../store/lineage-store.js';
import { patchBody } from '../writing/patch-body.js';
import { actorOf, param, queryNumber, requireType } from './request-parts.js';

const MAX_DEPTH = 3;
const EDGE_BY_NAMES = ':fromType/name/:fromFqn/:toType/name/:toFqn';

/** Edges between entities: by names, by ids, and the graph around one. */
export function lineageRoutes(server: FastifyInstance, { store }: Catalog): void {
  const edges = new LineageStore(store.sqlite);
  const writer = new LineageWriter(store, edges);

  server.put('/lineage', (request, reply) => {
    requireType(request, 'application/json');
    const { edge } = parseBody(addLineageBody, request.body);
    const details = {
      ...edge.lineageDetails,
      ...(typeof edge.description === 'string' ? { description: edge.description } : {}),
    };
    return written(reply, () => writer.put(edge.fromEntity, edge.toEntity, details, actorOf(request)));
  });

  server.put(`/lineage/${EDGE_BY_NAMES}`, (request, reply) => {
    requireType(request, 'application/json');
    const details = parseBody(lineageDetailsBody, request.body);
    return written(reply, () => writer.put(...namedEnds(request), details, actorOf(request)));
  });

  server.patch(`/lineage/${EDGE_BY_NAMES}`, (request, reply) => {
    requireType(request, 'application/json-patch+json');
    const operations = parseBody(patchBody, request.body);
    return written(reply, () => writer.patch(...namedEnds(request), operations, actorOf(request)));
  });

  server.delete(`/lineage/${EDGE_BY_NAMES}`, (request, reply) =>
    written(reply, () => writer.remove(...namedEnds(request)))
  );

  server.get(`/lineage/getLineageEdge/${EDGE_BY_NAMES}`, (request) => {
    const [from, to] = namedEnds(request);
    return edgeBetween(writer.end(from).id, writer.end(to).id);
  });

  server.get('/lineage/getLineageEdge/:fromId/:toId', (request) =>
    edgeBetween(param(request, 'fromId'), param(request, 'toId'))
  );

  server.get('/lineage/:type/name/:fqn', (request) => graph(request, endOf(request, 'type', 'fqn')));

  server.get('/lineage/:type/:id', (request) =>
    graph(request, { type: param(request, 'type'), id: param(request, 'id') })
  );

  server.delete('/lineage/source/name/:type/:fqn/type/:source', (request, reply) =>
    written(reply, () => edges.removeInto(writer.end(endOf(request, 'type', 'fqn')).id, param(request, 'source')))
  );

  /** Writes answer 200 without a body. */
  function written(reply: FastifyReply, work: () => void): FastifyReply {
    store.sqlite.transaction(work);
    return reply.code(200).send();
  }

  function edgeBetween(fromId: string, toId: string): JsonObject {
    const details = edges.find(fromId, toId);
    if (details === undefined) throw entityNotFound('lineage edge', `from ${fromId} to ${toId}`);
    return { edge: details };
  }

  function graph(request: FastifyRequest, name: EndName): JsonObject {
    const depth = (parameter: string): number => Math.min(queryNumber(request, parameter, 1, 0), MAX_DEPTH);
    const depths = { upstream: depth('upstreamDepth'), downstream: depth('downstreamDepth') };
    return lineageGraph(edges, writer.end(name), depths);
  }
}

function namedEnds(request: FastifyRequest): [from: EndName, to: EndName] {
  return [endOf(request, 'fromType', 'fromFqn'), endOf(request, 'toType', 'toFqn')];
}

function endOf(request: FastifyRequest, type: string, fqn: string): { type: string; fqn: string } {
  return { type: param(request, type), fqn: normaliseFqn(param(request, fqn)) };
}
