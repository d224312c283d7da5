import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PartRecorder, PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, SliceWriter, StagingStore } from '../staging/index.js';
import { contractPaths } from './contract-paths.js';
import { uniteEdges } from './parse-slice.js';
import {
  parsedLine,
  type EdgeEnd,
  type EdgeLine,
  type MergedEdge,
  type MergedLine,
  type ParsedLine,
  type QueryLine,
} from './staged-line.js';

/** Lines held at once while merging; a run with more is merged in so many passes over its chunks, each over a share of the keys. */
const LINES_HELD = 40_000;
/** Edges with an unknown end that a run may have; a graph of more is cut, and the report says so. */
const MOST_TEMPORARY = 50_000;

/** Behind `lines` lines of that pass. */
export const mergePosition = z.object({ pass: z.number().int(), lines: z.number().int() });
export type MergePosition = z.infer<typeof mergePosition>;

export interface MergeInput {
  readonly store: StagingStore;
  readonly slices: readonly SliceAddress[];
  /** Views and distinct texts of the log that were parsed: some, and no edge, is no plain success. */
  readonly texts: number;
  readonly writer: SliceWriter<MergePosition, PartReport>;
  readonly recorder: PartRecorder;
  readonly onProgress: () => void;
}

/** Unites the edges and texts of all slices over the whole run, one line each, in a defined order. Memory is that of one share. */
export async function mergeEdges(input: MergeInput): Promise<void> {
  const { store, slices, writer, recorder } = input;
  if (writer.complete) return;
  const chunks: ManifestEntry[] = [];
  for (const slice of slices) chunks.push(...(await store.manifest(slice)));
  const lines = chunks.reduce((sum, chunk) => sum + (chunk.chunk?.count ?? 0), 0);
  const passes = Math.max(1, Math.ceil(lines / LINES_HELD));
  const from = writer.resumeFrom === undefined ? { pass: 0, lines: 0 } : mergePosition.parse(writer.resumeFrom);
  let edges = from.pass > 0 ? 1 : 0;
  // The last pass joins edges through tables that the catalog does not know.
  for (let pass = from.pass; pass <= passes; pass += 1) {
    const merged = pass < passes ? await mergeShare(input, chunks, pass, passes) : await throughUnknown(input, chunks);
    edges += merged.filter((line) => line.kind === 'edge').length;
    const skip = pass === from.pass ? from.lines : 0;
    for (const [index, line] of merged.entries()) {
      if (index >= skip) await writer.add(line, { pass, lines: index + 1 });
    }
  }
  if (input.texts > 0 && edges === 0) {
    recorder.incomplete(
      `${input.texts} texts were read and no edge came out of them: are the tables they name in the catalog, under this service?`
    );
  }
  await writer.finish();
}

/** Lines whose key falls into the share, united and sorted by key. */
async function mergeShare(
  { store, onProgress }: MergeInput,
  chunks: readonly ManifestEntry[],
  share: number,
  shares: number
): Promise<MergedLine[]> {
  const edges = new Map<string, EdgeLine>();
  const queries = new Map<string, QueryLine>();
  for (const chunk of chunks) {
    for await (const value of store.read(chunk)) {
      const line = parsedLine.parse(value);
      const key = keyOf(line);
      if (line.kind === 'view' || key === undefined || shareOf(key, shares) !== share) continue;
      if (line.kind === 'edge') {
        const known = edges.get(key);
        edges.set(key, known === undefined ? line : uniteEdges(known, line));
      } else {
        const known = queries.get(key);
        queries.set(key, known === undefined ? line : uniteQueries(known, line));
      }
    }
    onProgress();
  }
  return [...sorted(edges).map((edge) => toMerged(edge, [])), ...sorted(queries)];
}

/** Of edges between entities, and of texts; an edge with an unknown end has none. */
function keyOf(line: ParsedLine): string | undefined {
  if (line.kind === 'view') return undefined;
  if (line.kind === 'query') return line.text;
  if (line.from.kind === 'unknown' || line.to.kind === 'unknown') return undefined;
  return `${line.from.fqn}\n${line.to.fqn}`;
}

async function throughUnknown(
  { store, recorder, onProgress }: MergeInput,
  chunks: readonly ManifestEntry[]
): Promise<MergedLine[]> {
  const lines: EdgeLine[] = [];
  let left = 0;
  for (const chunk of chunks) {
    for await (const value of store.read(chunk)) {
      const line = parsedLine.parse(value);
      if (line.kind !== 'edge' || keyOf(line) !== undefined) continue;
      if (lines.length < MOST_TEMPORARY) lines.push(line);
      else left += 1;
    }
    onProgress();
  }
  if (left > 0)
    recorder.warning(
      'source',
      `${left} edges of tables that are not in the catalog were left out of temporary table lineage.`
    );
  const ends = new Map(lines.flatMap(({ from, to }) => [from, to]).map((end) => [nodeOf(end), end]));
  const graph = lines.map(({ from, to, columns }) => ({ from: nodeOf(from), to: nodeOf(to), columns }));
  const byTarget = new Map(lines.map((line) => [nodeOf(line.to), line]));
  const found = new Map<string, MergedEdge>();
  for (const path of contractPaths(graph, (node) => ends.get(node)?.kind === 'entity')) {
    const [from, to, last] = [ends.get(path.from), ends.get(path.to), byTarget.get(path.to)];
    if (from === undefined || to === undefined || last === undefined) continue;
    const merged = toMerged(
      { ...last, from, to, columns: path.columns.map(([left, right]) => [left, right]) },
      path.through
    );
    const key = `${path.from}\n${path.to}`;
    if (!found.has(key)) found.set(key, merged);
  }
  return sorted(found);
}

function nodeOf(end: EdgeEnd): string {
  return end.kind === 'entity' ? `entity ${end.fqn}` : `unknown ${end.name.toLowerCase()}`;
}

function toMerged({ from, to, columns, source, sql, procedureFqn }: EdgeLine, through: readonly string[]): MergedEdge {
  const byTarget = new Map<string, Set<string>>();
  for (const [left, right] of columns) byTarget.set(right, (byTarget.get(right) ?? new Set()).add(left));
  return {
    kind: 'edge',
    from: from.kind === 'entity' ? from.fqn : from.name,
    to: to.kind === 'entity' ? to.fqn : to.name,
    columns: [...byTarget]
      .sort(byKey)
      .map(([toColumn, fromColumns]) => ({ fromColumns: [...fromColumns].sort(), toColumn })),
    source,
    ...(sql === undefined ? {} : { sql }),
    ...(procedureFqn === undefined ? {} : { procedureFqn }),
    ...(through.length === 0 ? {} : { through: through.map((node) => node.replace(/^unknown /, '')) }),
  };
}

function uniteQueries(left: QueryLine, right: QueryLine): QueryLine {
  const later = (right.startedAt ?? 0) > (left.startedAt ?? 0) ? right : left;
  return { ...later, tables: [...new Set([...left.tables, ...right.tables])].sort() };
}

function sorted<T>(lines: ReadonlyMap<string, T>): T[] {
  return [...lines].sort(byKey).map(([, line]) => line);
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function shareOf(key: string, shares: number): number {
  return shares === 1 ? 0 : createHash('md5').update(key).digest().readUInt32BE(0) % shares;
}
