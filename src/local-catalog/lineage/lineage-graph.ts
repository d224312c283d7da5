import type { JsonObject } from '../json-value.js';
import { referenceTo } from '../store/entity-row.js';
import type { LineageEdge, LineageNode, LineageStore } from '../store/lineage-store.js';

/** An answer is not larger than this, however dense the graph. */
const MAX_EDGES = 5000;

/**
 * What is up to this many steps upstream and downstream of an entity: `{entity, nodes, upstreamEdges,
 * downstreamEdges}`, edges pointing at nodes by id. Each edge and node once.
 */
export function lineageGraph(
  edges: LineageStore,
  entity: LineageNode,
  depth: { readonly upstream: number; readonly downstream: number }
): JsonObject {
  const nodes = new Map<string, LineageNode>();
  const upstream = walk(entity, depth.upstream, (id) => edges.into(id, MAX_EDGES), 'from');
  const downstream = walk(entity, depth.downstream, (id) => edges.outOf(id, MAX_EDGES), 'to');
  for (const { from, to } of [...upstream, ...downstream]) nodes.set(from.id, from).set(to.id, to);
  nodes.delete(entity.id);
  return {
    entity: nodeView(entity),
    nodes: [...nodes.values()].map(nodeView),
    upstreamEdges: upstream.map(edgeView),
    downstreamEdges: downstream.map(edgeView),
  };
}

function walk(
  start: LineageNode,
  depth: number,
  step: (id: string) => LineageEdge[],
  next: 'from' | 'to'
): LineageEdge[] {
  const seen = new Set([start.id]);
  const found: LineageEdge[] = [];
  let front: LineageNode[] = [start];
  for (let level = 0; level < depth && front.length > 0; level += 1) {
    const reached: LineageNode[] = [];
    for (const node of front) {
      for (const edge of step(node.id)) {
        if (found.length === MAX_EDGES) return found;
        found.push(edge);
        if (!seen.has(edge[next].id)) reached.push(edge[next]);
        seen.add(edge[next].id);
      }
    }
    front = reached;
  }
  return found;
}

function nodeView(node: LineageNode): JsonObject {
  return { ...referenceTo(node), deleted: node.deleted };
}

function edgeView(edge: LineageEdge): JsonObject {
  return { fromEntity: edge.from.id, toEntity: edge.to.id, lineageDetails: edge.details };
}
