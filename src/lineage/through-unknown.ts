import type { ManifestEntry, StagingStore } from '../staging/index.js';
import { contractPaths } from './contract-paths.js';
import { uniteEdges } from './fold-lines.js';
import { parsedLine, type EdgeEnd, type EdgeLine } from './staged-line.js';

/** Edges with an unknown end that a run may have; a larger graph is cut, and the report says so. */
const MOST_TEMPORARY = 50_000;

/** An edge between entities, with its steps if it leads through unknown tables. */
export interface ContractedEdge {
  readonly line: EdgeLine;
  readonly steps: readonly (readonly [from: string, to: string])[];
}

interface UnknownInput {
  readonly store: StagingStore;
  readonly onProgress: () => void;
}

/** Edges between entities through tables that the catalog doesn't know, over all statements of a run. */
export async function throughUnknown(
  { store, onProgress }: UnknownInput,
  chunks: readonly ManifestEntry[]
): Promise<{ readonly edges: readonly ContractedEdge[]; readonly left: number }> {
  const lines = new Map<string, EdgeLine>();
  let left = 0;
  for (const chunk of chunks) {
    for (const value of await store.read(chunk)) {
      const line = parsedLine.parse(value);
      if (line.kind !== 'edge' || (line.from.kind === 'entity' && line.to.kind === 'entity')) continue;
      const key = `${nodeOf(line.from)}\n${nodeOf(line.to)}`;
      const known = lines.get(key);
      if (known !== undefined) lines.set(key, uniteEdges(known, line));
      else if (lines.size < MOST_TEMPORARY) lines.set(key, line);
      else left += 1;
    }
    onProgress();
  }
  return { edges: [...contract([...lines.values()])], left };
}

function* contract(lines: readonly EdgeLine[]): Generator<ContractedEdge> {
  const ends = new Map(lines.flatMap(({ from, to }) => [from, to]).map((end) => [nodeOf(end), end]));
  const steps = new Map(lines.map((line) => [`${nodeOf(line.from)}\n${nodeOf(line.to)}`, line]));
  const graph = lines.map(({ from, to, columns }) => ({ from: nodeOf(from), to: nodeOf(to), columns }));
  for (const path of contractPaths(graph, (node) => ends.get(node)?.kind === 'entity')) {
    const [from, to] = [ends.get(path.from), ends.get(path.to)];
    // the statement of the last step is the one that wrote the target
    const last = steps.get(`${path.through.at(-1) ?? path.from}\n${path.to}`);
    if (from === undefined || to === undefined || last === undefined) continue;
    const way = [path.from, ...path.through, path.to].map((node) => labelOf(ends.get(node)));
    yield {
      line: { ...last, from, to, columns: path.columns.map(([one, other]) => [one, other]) },
      steps: way.slice(1).map((node, index) => [way[index] ?? '', node]),
    };
  }
}

/** Unknown names that aren't exact are compared as databases do that ignore case. */
function nodeOf(end: EdgeEnd): string {
  if (end.kind === 'entity') return `entity ${end.fqn}`;
  return end.exact === true ? `exact ${end.name}` : `unknown ${end.name.toLowerCase()}`;
}

function labelOf(end: EdgeEnd | undefined): string {
  if (end === undefined) return '';
  return end.kind === 'entity' ? end.fqn : end.name;
}
