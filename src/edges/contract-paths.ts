import type { ColumnLink } from './staged-line.js';

/** An edge of a graph whose nodes are known (entities) or not (temporary tables, tables that nobody ingested). */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly ColumnLink[];
}

export interface Path extends GraphEdge {
  /** Unknown nodes on the way, in order; empty for an edge that is there already. */
  readonly through: readonly string[];
}

/** Longest path, in edges: longer ones are loops or generated noise. */
const MOST_HOPS = 20;
/** Paths from one node: what a dense graph may cost. */
const MOST_PATHS = 1_000;

/**
 * Edges between known nodes, straight or through unknown ones; column links are followed along the way. Each node is passed once a path.
 */
export function* contractPaths(edges: readonly GraphEdge[], isKnown: (node: string) => boolean): Generator<Path> {
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of edges) outgoing.set(edge.from, [...(outgoing.get(edge.from) ?? []), edge]);
  for (const start of outgoing.keys()) {
    if (!isKnown(start)) continue;
    let found = 0;
    const open: Path[] = (outgoing.get(start) ?? []).map((edge) => ({ ...edge, through: [] }));
    for (let path = open.shift(); path !== undefined && found < MOST_PATHS; path = open.shift()) {
      if (isKnown(path.to)) {
        found += 1;
        if (path.to !== start) yield path;
        continue;
      }
      if (path.through.length + 1 >= MOST_HOPS || path.through.includes(path.to)) continue;
      for (const next of outgoing.get(path.to) ?? []) {
        open.push({
          from: start,
          to: next.to,
          columns: join(path.columns, next.columns),
          through: [...path.through, path.to],
        });
      }
    }
  }
}

function join(left: readonly ColumnLink[], right: readonly ColumnLink[]): ColumnLink[] {
  const onward = new Map<string, string[]>();
  for (const [from, to] of right) onward.set(from.toLowerCase(), [...(onward.get(from.toLowerCase()) ?? []), to]);
  const joined = left.flatMap(([from, middle]) =>
    (onward.get(middle.toLowerCase()) ?? []).map((to): ColumnLink => [from, to])
  );
  return [...new Map(joined.map((link) => [link.join('\n'), link])).values()];
}
