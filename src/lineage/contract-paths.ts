import type { ColumnLink } from './staged-line.js';

/** An edge of a graph whose nodes are known (entities) or unknown (temporary tables, tables that nobody ingested). */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly columns: readonly ColumnLink[];
}

export interface Path extends GraphEdge {
  /** Unknown nodes on the shortest way, in order; empty for an edge that exists already. */
  readonly through: readonly string[];
}

/** Longest path, in edges: longer ones are loops or generated noise. */
const MOST_HOPS = 20;
/** Most steps from one node: limits what a dense graph costs. */
const MOST_STEPS = 20_000;

/** A node as reached from a start: what flows into it, and the shortest way there. */
interface Reached {
  readonly columns: Map<string, ColumnLink>;
  readonly through: readonly string[];
}

/**
 * Edges between known nodes, directly or through unknown ones, one per pair. Column links are followed along all ways.
 * The result is sorted and doesn't depend on the order of the edges.
 */
export function* contractPaths(edges: readonly GraphEdge[], isKnown: (node: string) => boolean): Generator<Path> {
  const outgoing = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const known = outgoing.get(edge.from);
    if (known === undefined) outgoing.set(edge.from, [edge]);
    else known.push(edge);
  }
  for (const each of outgoing.values()) each.sort((left, right) => compare(left.to, right.to));
  for (const start of [...outgoing.keys()].filter(isKnown).sort(compare)) yield* pathsFrom(start, outgoing, isKnown);
}

function* pathsFrom(
  start: string,
  outgoing: ReadonlyMap<string, readonly GraphEdge[]>,
  isKnown: (node: string) => boolean
): Generator<Path> {
  const reached = new Map<string, Reached>();
  // breadth first: the first way to a node is a shortest one; a node that more columns flow into is visited again
  const open: string[] = [start];
  for (let next = 0, steps = 0; next < open.length && steps < MOST_STEPS; next += 1) {
    const node = open[next] ?? start;
    const here = reached.get(node);
    if (node !== start && (here?.through.length ?? 0) + 1 >= MOST_HOPS) continue;
    for (const edge of outgoing.get(node) ?? []) {
      steps += 1;
      if (edge.to === start) continue;
      const links = node === start ? edge.columns : join(here?.columns ?? new Map<string, ColumnLink>(), edge.columns);
      const known = reached.get(edge.to);
      const there = known ?? {
        columns: new Map<string, ColumnLink>(),
        through: node === start ? [] : [...(here?.through ?? []), node],
      };
      const before = there.columns.size;
      for (const link of links) there.columns.set(keyOf(link), link);
      reached.set(edge.to, there);
      if (!isKnown(edge.to) && (known === undefined || there.columns.size > before)) open.push(edge.to);
    }
  }
  for (const [to, { columns, through }] of [...reached].sort(([left], [right]) => compare(left, right))) {
    if (isKnown(to)) yield { from: start, to, columns: [...columns.values()], through };
  }
}

/** `*` is the whole row: it continues as the columns that follow, and preceding columns continue through it. */
function join(left: ReadonlyMap<string, ColumnLink>, right: readonly ColumnLink[]): ColumnLink[] {
  const onward = new Map<string, string[]>();
  for (const [from, to] of right) {
    const key = from.toLowerCase();
    const known = onward.get(key);
    if (known === undefined) onward.set(key, [to]);
    else known.push(to);
  }
  const links: ColumnLink[] = [];
  for (const [from, middle] of left.values()) {
    for (const to of onward.get(middle.toLowerCase()) ?? []) links.push([from, to]);
    if (middle === '*') {
      for (const [column, to] of right) if (column !== '*') links.push([from === '*' ? column : from, to]);
    } else if ((onward.get('*') ?? []).includes('*')) links.push([from, middle]);
  }
  return links;
}

function keyOf([from, to]: ColumnLink): string {
  return `${from.toLowerCase()}\n${to.toLowerCase()}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
