import { PermanentError } from '../errors/index.js';
import {
  buildFqn,
  mapLimited,
  type CreateQueryRequest,
  type EntityReference,
  type LineageDetails,
  type OpenMetadataClient,
  type StoredQueries,
} from '../openmetadata/index.js';
import { shorten, type PartRecorder } from '../report/index.js';
import { redact } from '../secrets/index.js';
import { linesIn, toLines, transformStage, wholeSlices, type SliceAddress, type StageRun } from '../staging/index.js';
import { mergedLine, type MergedEdge, type MergedLine, type UnpublishedEdge } from './staged-line.js';

/** Lines sent between two manifest entries: what a crash repeats. */
const BATCH_LINES = 200;
/** Edges in a batch that may all be refused; more say something about the server, and end the run. */
const MOST_REFUSED = 10;
/**
 * Stored queries that are listed rather than asked for one by one: at most this many, and this many per statement of
 * the run.
 */
const MOST_LISTED = 50_000;
const LISTED_PER_TEXT = 4;

const HELD_ELSEWHERE =
  'OpenMetadata keeps each query text once in all, and another service or name has some of this log: these are not stored as queries of this service, a warning each; their edges are whole, with the text.';

/** Lists the stored queries of the service; undefined when there are too many. */
export type ListStored = () => Promise<StoredQueries | undefined>;

/** The part of the client that is used. */
export type PublishClient = Pick<OpenMetadataClient, 'lineage' | 'queries'> & {
  readonly procedures: Pick<OpenMetadataClient['procedures'], 'findByName'>;
};

export interface PublishEdgesInput extends StageRun {
  readonly client: PublishClient;
  readonly from: SliceAddress;
  /** The number of the merged chunk to publish; default: all. */
  readonly unit?: number;
  readonly to: SliceAddress;
  readonly service: string;
  readonly dialect: string;
  /** Edges at once. */
  readonly lanes: number;
  /**
   * Keeps what the service has stored, so that a worker lists it once for all units of a run; default: each call lists
   * it.
   */
  readonly keepStored?: (list: ListStored) => Promise<StoredQueries | undefined>;
  readonly signal: AbortSignal;
  readonly recorder: PartRecorder;
}

/**
 * Publishes merged edges and statements in small batches, each with a manifest entry that names the edges that weren't
 * taken. Edges are merged with what the catalog has, so a repeat changes nothing.
 */
export async function publishEdges(input: PublishEdgesInput): Promise<void> {
  const merged = await input.store.manifest(input.from);
  const chunks = input.unit === undefined ? merged : merged.slice(input.unit, input.unit + 1);
  const publisher = new Publisher(input, linesIn(merged));
  await transformStage(input, {
    from: wholeSlices([chunks], BATCH_LINES),
    to: input.to,
    parse: (line) => mergedLine.parse(JSON.parse(line.toString())),
    work: async ({ records }) => ({ lines: toLines(await publisher.publish(records)) }),
  });
}

class Publisher {
  readonly #procedures = new Map<string, Promise<EntityReference | undefined>>();
  #stored: Promise<StoredQueries | undefined> | undefined;

  constructor(
    private readonly input: PublishEdgesInput,
    /** Merged lines of the run. */
    private readonly texts: number
  ) {}

  /** @returns the edges that didn't reach the catalog */
  async publish(lines: readonly MergedLine[]): Promise<UnpublishedEdge[]> {
    const edges = lines.filter((line) => line.kind === 'edge');
    const refusals = (await mapLimited(edges, this.input.lanes, (edge) => this.#tryEdge(edge))).filter(
      (refusal) => refusal !== undefined
    );
    const [first] = refusals;
    if (first !== undefined && refusals.length === edges.length && edges.length > MOST_REFUSED) throw first.error;
    for (const { edge, error } of refusals)
      this.input.recorder.failure('sink', `${edge.from} → ${edge.to}`, error.describe());
    await this.#publishQueries(lines);
    return refusals.map(({ edge: { from, to }, error }) => ({ from, to, reason: shorten(redact(error.describe())) }));
  }

  /** An edge that the catalog refuses for good costs only that edge. */
  async #tryEdge(edge: MergedEdge): Promise<{ edge: MergedEdge; error: PermanentError } | undefined> {
    try {
      await this.#publishEdge(edge);
      return undefined;
    } catch (error) {
      if (error instanceof PermanentError) return { edge, error };
      throw error;
    }
  }

  async #publishEdge(edge: MergedEdge): Promise<void> {
    const { client, signal, recorder } = this.input;
    const pipeline = await this.#pipelineOf(edge);
    const details: LineageDetails = {
      source: edge.source,
      columnsLineage: edge.columns,
      ...(edge.sql === undefined ? {} : { sqlQuery: edge.sql }),
      ...(edge.steps === undefined
        ? {}
        : { tempLineageTables: edge.steps.map(([fromEntity, toEntity]) => ({ fromEntity, toEntity })) }),
      ...(pipeline === undefined ? {} : { pipeline }),
    };
    const from = { fqn: edge.from, type: edge.fromType ?? 'table' };
    const outcome = await client.lineage.mergeEdge(from, { fqn: edge.to }, details, { signal });
    if (outcome === 'unknown') throw new PermanentError('One of its two ends is not in the catalog any more.');
    if (outcome === 'unchanged') recorder.count('sink', { unchanged: 1 });
    else recorder.count('sink', outcome === 'created' ? { records: 1 } : { updated: 1 });
  }

  /** Each procedure is asked for once; if it isn't in the catalog, its edges name none. */
  #pipelineOf({ procedureFqn }: MergedEdge): Promise<EntityReference | undefined> {
    if (procedureFqn === undefined) return Promise.resolve(undefined);
    const { client, signal } = this.input;
    const asked =
      this.#procedures.get(procedureFqn) ??
      client.procedures
        .findByName(procedureFqn, { signal })
        .then((procedure) => (procedure === undefined ? undefined : { id: procedure.id, type: 'storedProcedure' }));
    this.#procedures.set(procedureFqn, asked);
    return asked;
  }

  async #publishQueries(lines: readonly MergedLine[]): Promise<void> {
    const { client, service, dialect, signal, recorder } = this.input;
    const requests = lines.flatMap((line): CreateQueryRequest[] =>
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
    if (requests.length === 0) return;
    const list: ListStored = () => this.#listStored();
    const stored = await (this.#stored ??= this.input.keepStored?.(list) ?? list());
    const { rows } = await client.queries.bulkPut(requests, { signal, ...(stored === undefined ? {} : { stored }) });
    const held = rows.filter(({ heldElsewhere }) => heldElsewhere === true).length;
    if (held > 0) {
      // one text, so that it is one note of all batches; the warnings tell how many
      recorder.note(HELD_ELSEWHERE);
      recorder.count('sink', { warnings: held });
    }
    for (const { fqn, ok, message } of rows) {
      // a statement that can't be stored costs no edge
      if (!ok) recorder.warning('sink', `The query ${fqn} was not stored: ${message ?? 'refused'}`);
    }
  }

  /** What the service has already, if listing it is cheaper than asking for each statement. */
  #listStored(): Promise<StoredQueries | undefined> {
    const { client, service, signal } = this.input;
    const most = Math.min(MOST_LISTED, this.texts * LISTED_PER_TEXT);
    return client.queries.listStored(buildFqn(service), { most, signal });
  }
}
