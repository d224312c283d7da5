import { comparedBy, type LineageTable, type PooledLineage, type TableEdge } from '../sql/index.js';
import { splitFqn } from '../openmetadata/index.js';
import { contractPaths, type GraphEdge } from './contract-paths.js';
import type { ColumnLink, EdgeEnd, EdgeLine } from './staged-line.js';
import type { FoundTable } from './table-finder.js';

/** Tables of the catalog by the names a statement uses; names the catalog doesn't know are absent. */
export type Found = ReadonlyMap<string, readonly FoundTable[]>;

export interface TextEdgesInput {
  readonly lineage: PooledLineage;
  readonly found: Found;
  /** The full name of a table that the catalog doesn't know. */
  readonly nameOf: (table: LineageTable) => string;
  /** Such names that differ by case are two tables'. */
  readonly areExact: boolean;
  /** For a view's SQL: the entity that it defines; whatever the SQL writes is this. */
  readonly view: FoundTable | undefined;
  /** Keep the steps over tables that only this statement makes, for graphs over several statements. */
  readonly keepUnknown: boolean;
}

export type TextEdge = Pick<EdgeLine, 'from' | 'to' | 'columns' | 'source'>;

/** A table of the catalog, or the name of one that isn't in it. */
type End = FoundTable | string;

/** Edges of one statement between tables of the catalog and names that aren't in it. */
export function textEdges({ lineage, found, nameOf, areExact, view, keepUnknown }: TextEdgesInput): {
  readonly edges: readonly TextEdge[];
  /**
   * Tables that are read or written and aren't in the catalog, except temporary ones and those that the statement
   * itself makes on the way.
   */
  readonly unknown: readonly string[];
} {
  const { sources, targets, intermediate } = lineage;
  const all = [...sources, ...targets, ...intermediate];
  const names = new Map(all.map((table) => [table.name, nameOf(table)]));
  const isPath = new Set(all.filter((table) => table.kind === 'path').map((table) => table.name));
  const isStep = new Set(intermediate.map((table) => table.name));
  const isWritten = new Set([...targets, ...intermediate].map((table) => table.name));
  const isTemporary = new Set(all.filter((table) => table.temporary === true).map((table) => table.name));
  const isView = (name: string): boolean => view !== undefined && isWritten.has(name);
  // What the catalog has under the name of a temporary table is another one.
  const inCatalog = (name: string): readonly FoundTable[] | undefined =>
    isTemporary.has(name) ? undefined : found.get(name);
  const endsOf = (name: string): readonly End[] =>
    view !== undefined && isView(name) ? [view] : (inCatalog(name) ?? [names.get(name) ?? name]);

  const edges: TextEdge[] = [];
  // a table that only this statement makes and nobody ingested is a step: the edge goes through it
  const isEnd = (name: string): boolean => keepUnknown || inCatalog(name) !== undefined || !isStep.has(name);
  for (const path of contractPaths(lineage.edges.map(toGraphEdge), isEnd)) {
    if (isPath.has(path.from) || isPath.has(path.to)) continue;
    for (const from of endsOf(path.from)) {
      for (const to of endsOf(path.to)) {
        if (isSame(from, to)) continue;
        const columns = linkColumns(path.columns, from, to);
        edges.push({ from: toEnd(from, areExact), to: toEnd(to, areExact), columns, source: sourceOf(from, to, view) });
      }
    }
  }
  const unknown = [...sources, ...targets]
    .filter(({ kind, name }) => kind === 'table' && !found.has(name) && !isTemporary.has(name) && !isView(name))
    .map((table) => names.get(table.name) ?? table.name);
  return { edges, unknown: [...new Set(unknown)] };
}

function sourceOf(from: End, to: End, view: FoundTable | undefined): EdgeLine['source'] {
  if (view !== undefined) return 'ViewLineage';
  const services = [from, to].flatMap((end) => (typeof end === 'string' ? [] : [splitFqn(end.fqn)[0]]));
  return new Set(services).size === 2 ? 'CrossDatabaseLineage' : 'QueryLineage';
}

/** A column that no schema could place may belong to any table: it isn't linked. */
function toGraphEdge({ from, to, columns }: TableEdge): GraphEdge {
  const links = columns.flatMap(([source, target]): ColumnLink[] =>
    source.table === from && target.table === to ? [[comparedBy(source), comparedBy(target)]] : []
  );
  return { from, to, columns: links };
}

function toEnd(end: End, isExact: boolean): EdgeEnd {
  if (typeof end !== 'string') return { kind: 'entity', fqn: end.fqn, id: end.id };
  return { kind: 'unknown', name: end, ...(isExact ? { exact: true } : {}) };
}

function isSame(left: End, right: End): boolean {
  if (typeof left === 'string' || typeof right === 'string') return left === right;
  return left.id === right.id;
}

/**
 * Column FQNs, at unknown ends what the columns are compared by; columns that an entity doesn't have are dropped; `*`
 * on both ends pairs equal names.
 */
export function linkColumns(links: readonly ColumnLink[], from: End, to: End): [string, string][] {
  const linked = links.flatMap(([source, target]): [string, string][] => {
    if (source === '*' && target === '*') return equalColumns(from, to);
    const [left, right] = [columnOf(from, source), columnOf(to, target)];
    return left === undefined || right === undefined ? [] : [[left, right]];
  });
  return [...new Map(linked.map((link) => [link.join('\n'), link])).values()];
}

function equalColumns(from: End, to: End): [string, string][] {
  if (typeof from === 'string' && typeof to === 'string') return [['*', '*']];
  // when a whole row flows from or into an unknown table, its names are those of the known one
  if (typeof from === 'string')
    return typeof to === 'string' ? [] : [...to.columns].map(({ name, fqn }) => [name, fqn]);
  if (typeof to === 'string') return [...from.columns].map(({ name, fqn }) => [fqn, name]);
  return [...from.columns].flatMap(({ name, fqn }): [string, string][] => {
    const right = to.columns.fqnOf(name);
    return right === undefined ? [] : [[fqn, right]];
  });
}

function columnOf(end: End, column: string): string | undefined {
  return typeof end === 'string' ? column : end.columns.fqnOf(column);
}
