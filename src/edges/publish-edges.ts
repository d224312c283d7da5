import { buildFqn, type EntityReference, type LineageDetails, type OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder, PartReport } from '../report/index.js';
import type { ManifestEntry, SliceAddress, StagingStore } from '../staging/index.js';
import { mergedLine, type MergedEdge, type MergedLine } from './staged-line.js';

/** Queries of one bulk request. */
const QUERY_BATCH = 100;

export interface PublishEdgesInput {
  readonly client: OpenMetadataClient;
  readonly store: StagingStore;
  readonly from: SliceAddress;
  readonly to: SliceAddress;
  readonly service: string;
  readonly dialect: string;
  /** Edges at once. */
  readonly lanes: number;
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
  readonly takeFacts: () => PartReport;
  readonly onCommit: (entry: ManifestEntry) => void;
}

/** Publishes merged edges and texts, one manifest entry a chunk. Edges are united with what the catalog has, so a repeat changes nothing. */
export async function publishEdges(input: PublishEdgesInput): Promise<void> {
  const { store, from, to } = input;
  const chunks = await store.manifest(from);
  const done = (await store.manifest(to)).length;
  for (const [n, chunk] of chunks.entries()) {
    if (n < done) continue;
    const lines: MergedLine[] = [];
    for await (const value of store.read(chunk)) lines.push(mergedLine.parse(value));
    await inLanes(
      lines.filter((line) => line.kind === 'edge'),
      input.lanes,
      (edge) => publishEdge(input, edge)
    );
    await publishQueries(input, lines);
    const entry = await store.commit(to, { n, facts: input.takeFacts(), last: n === chunks.length - 1 });
    input.onCommit(entry);
  }
}

async function publishEdge(input: PublishEdgesInput, edge: MergedEdge): Promise<void> {
  const { client, signal, recorder } = input;
  const details: LineageDetails = {
    source: edge.source,
    columnsLineage: edge.columns,
    ...(edge.sql === undefined ? {} : { sqlQuery: edge.sql }),
    ...(edge.through === undefined ? {} : { tempLineageTables: stepsOf(edge) }),
    ...(await pipelineOf(input, edge)),
  };
  const outcome = await client.lineage.mergeEdge({ fqn: edge.from }, { fqn: edge.to }, details, { signal });
  if (outcome === 'unknown')
    recorder.failure('sink', `${edge.from} → ${edge.to}`, 'One of the two tables is not in the catalog any more.');
  else if (outcome === 'unchanged') recorder.count('sink', { unchanged: 1 });
  else recorder.count('sink', outcome === 'created' ? { records: 1 } : { updated: 1 });
}

/** The way through unknown tables, step by step. */
function stepsOf({ from, to, through = [] }: MergedEdge): { fromEntity: string; toEntity: string }[] {
  const nodes = [from, ...through, to];
  return nodes.slice(1).map((node, index) => ({ fromEntity: nodes[index] ?? '', toEntity: node }));
}

async function pipelineOf(
  { client, signal }: PublishEdgesInput,
  { procedureFqn }: MergedEdge
): Promise<{ pipeline?: EntityReference }> {
  if (procedureFqn === undefined) return {};
  const procedure = await client.procedures.findByName(procedureFqn, { signal });
  return procedure === undefined ? {} : { pipeline: { id: procedure.id, type: 'storedProcedure' } };
}

async function publishQueries(
  { client, service, dialect, signal, recorder }: PublishEdgesInput,
  lines: readonly MergedLine[]
): Promise<void> {
  const requests = lines.flatMap((line) =>
    line.kind === 'edge'
      ? []
      : [
          {
            query: line.text,
            service: buildFqn(service),
            dialect,
            processedLineage: true,
            queryUsedIn: line.tables.map((id) => ({ id, type: 'table' })),
            ...(line.queryType === undefined ? {} : { query_type: line.queryType }),
            ...(line.durationMs === undefined ? {} : { duration: line.durationMs }),
            ...(line.startedAt === undefined ? {} : { queryDate: line.startedAt }),
          },
        ]
  );
  for (let start = 0; start < requests.length; start += QUERY_BATCH) {
    const { rows } = await client.queries.bulkPut(requests.slice(start, start + QUERY_BATCH), { signal });
    for (const { fqn, ok, message } of rows) {
      // A text that can't be stored costs nobody an edge.
      if (!ok) recorder.warning('sink', `The query ${fqn} was not stored: ${message ?? 'refused'}`);
    }
  }
}

async function inLanes<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  const failed = (await Promise.allSettled(Array.from({ length: Math.max(1, lanes) }, lane))).find(
    (each) => each.status === 'rejected'
  );
  if (failed !== undefined) throw failed.reason;
}
