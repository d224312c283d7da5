import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { PartRecorder } from '../report/index.js';
import { listStage, type Listing, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import type { EdgeFilter } from './edge-filter.js';
import { uniteEdges, uniteQueries } from './fold-lines.js';
import { RunTally } from './run-tally.js';
import { parsedLine, type EdgeLine, type MergedEdge, type MergedLine, type QueryLine } from './staged-line.js';
import { throughUnknown, type ContractedEdge } from './through-unknown.js';
import { countWords } from '../contract/count-words.js';

/**
 * Lines held at once while merging; a run with more is merged in several passes over its chunks, each for a share of
 * the keys.
 */
const LINES_HELD = 40_000;

/**
 * After `lines` lines of that pass, with this many edges written: parsed chunks never change, so a pass is the same in
 * every attempt.
 */
const mergeCursor = z.object({ pass: z.number().int(), lines: z.number().int(), edges: z.number().int() });
type MergeCursor = z.infer<typeof mergeCursor>;

export interface MergeInput extends StageRun {
  readonly slices: readonly SliceAddress[];
  /** Join edges through tables that the catalog doesn't know (enableTempTableLineage). */
  readonly keepUnknown: boolean;
  readonly isSelected: EdgeFilter;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
  readonly onProgress: () => void;
  /** Default 40,000. */
  readonly linesHeld?: number;
}

/**
 * Merges the edges and statements of all slices of the run, one line each, in a defined order. Memory is bounded by one
 * share.
 * @returns the manifest of what is merged
 */
export function mergeEdges(input: MergeInput): Promise<readonly ManifestEntry[]> {
  return listStage(input, { to: input.to, work: (listing) => mergeInto(input, listing) });
}

async function mergeInto(input: MergeInput, listing: Listing): Promise<void> {
  const { store, slices, recorder, linesHeld = LINES_HELD } = input;
  const chunks: ManifestEntry[] = [];
  for (const slice of slices) chunks.push(...(await store.manifest(slice)));
  const tally = new RunTally(chunks);
  const lines = chunks.reduce((sum, chunk) => sum + (chunk.chunk?.count ?? 0), 0);
  const passes = Math.max(1, Math.ceil(lines / linesHeld));
  const contracted = input.keepUnknown ? await throughUnknown(input, chunks) : { edges: [], left: 0 };

  const resumed = listing.after === undefined ? undefined : mergeCursor.parse(listing.after);
  let edges = resumed?.edges ?? 0;
  for (let pass = resumed?.pass ?? 0; pass < passes; pass += 1) {
    const { merged, filtered } = await mergeShare(input, chunks, contracted.edges, pass, passes);
    const skip = resumed?.pass === pass ? resumed.lines : 0;
    for (const [index, line] of merged.entries()) {
      if (index < skip) continue;
      if (line.kind === 'edge') edges += 1;
      const cursor: MergeCursor = { pass, lines: index + 1, edges };
      await listing.add(JSON.stringify(line), { cursor });
    }
    listing.pass(() => recorder.count('source', { filtered }));
  }
  if (contracted.left > 0) {
    const what = `${countWords(contracted.left, 'edge of a table that is not in the catalog was', 'edges of tables that are not in the catalog were')} left out of temporary table lineage.`;
    recorder.warning('source', what);
  }
  tally.report(recorder, edges);
}

/** Lines whose key is in the share, merged and sorted by key; counts edges that the recipe leaves out. */
async function mergeShare(
  { store, isSelected, onProgress }: MergeInput,
  chunks: readonly ManifestEntry[],
  contracted: readonly ContractedEdge[],
  share: number,
  shares: number
): Promise<{ merged: MergedLine[]; filtered: number }> {
  const edges = new Map<string, ContractedEdge>();
  const queries = new Map<string, QueryLine>();
  const addEdge = (key: string, { line, steps }: ContractedEdge): void => {
    const known = edges.get(key);
    edges.set(key, known === undefined ? { line, steps } : unite(known, { line, steps }));
  };
  for (const chunk of chunks) {
    for (const value of await store.read(chunk)) {
      const key = keyOf(value);
      if (key === undefined || shareOf(key, shares) !== share) continue;
      const line = parsedLine.parse(value);
      if (line.kind === 'edge') addEdge(key, { line, steps: [] });
      else if (line.kind === 'query') {
        const known = queries.get(key);
        queries.set(key, known === undefined ? line : uniteQueries(known, line));
      }
    }
    onProgress();
  }
  for (const edge of contracted) {
    const key = keyOf(edge.line);
    if (key !== undefined && shareOf(key, shares) === share) addEdge(key, edge);
  }
  const wanted: [string, ContractedEdge][] = [];
  for (const [key, edge] of edges) {
    const { from, to } = edge.line;
    if (await isSelected(isContainer(from) ? undefined : fqnOf(from), fqnOf(to))) wanted.push([key, edge]);
  }
  return {
    merged: [
      ...wanted.sort(byKey).map(([, edge]) => toMerged(edge)),
      ...[...queries].sort(byKey).map(([, line]) => line),
    ],
    filtered: edges.size - wanted.length,
  };
}

function unite(left: ContractedEdge, right: ContractedEdge): ContractedEdge {
  const steps = new Map([...left.steps, ...right.steps].map((step) => [step.join('\n'), step]));
  return { line: uniteEdges(left.line, right.line), steps: [...steps.values()] };
}

/** A line's rough shape, to skip those of other shares without a full check. */
const keyed = z.object({
  kind: z.string(),
  text: z.string().optional(),
  from: z.object({ fqn: z.string().optional(), type: z.string().optional() }).optional(),
  to: z.object({ fqn: z.string().optional() }).optional(),
});

/** For edges between entities, and for statements; views and edges with an unknown end have none. */
function keyOf(value: unknown): string | undefined {
  const { kind, text, from, to } = keyed.parse(value);
  if (kind === 'query') return text;
  if (from?.fqn === undefined || to?.fqn === undefined) return undefined;
  // a container may have the FQN of a table
  return `${from.fqn}\n${to.fqn}${from.type === undefined ? '' : `\n${from.type}`}`;
}

function isContainer(end: EdgeLine['from']): boolean {
  return end.kind === 'entity' && end.type === 'container';
}

function fqnOf(end: EdgeLine['from']): string {
  return end.kind === 'entity' ? end.fqn : end.name;
}

function toMerged({ line, steps }: ContractedEdge): MergedEdge {
  const { from, to, columns, source, sql, procedureFqn } = line;
  const byTarget = new Map<string, Set<string>>();
  for (const [left, right] of columns) byTarget.set(right, (byTarget.get(right) ?? new Set()).add(left));
  return {
    kind: 'edge',
    from: fqnOf(from),
    ...(isContainer(from) ? { fromType: 'container' } : {}),
    to: fqnOf(to),
    columns: [...byTarget]
      .sort(byKey)
      .map(([toColumn, fromColumns]) => ({ fromColumns: [...fromColumns].sort(), toColumn })),
    source,
    ...(sql === undefined ? {} : { sql }),
    ...(procedureFqn === undefined ? {} : { procedureFqn }),
    ...(steps.length === 0 ? {} : { steps: steps.map(([one, next]) => [one, next]) }),
  };
}

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function shareOf(key: string, shares: number): number {
  return shares === 1 ? 0 : createHash('md5').update(key).digest().readUInt32BE(0) % shares;
}
