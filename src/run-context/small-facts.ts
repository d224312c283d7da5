import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import type { OpenMetadataClient, PipelineStatusRecord } from '../openmetadata/index.js';
import { EntryTaken, type SliceAddress, type StagingStore } from '../staging/index.js';

/** Key of a pipeline status's `metadata` under which runs leave small facts to the next ones. */
export const FACTS_KEY = 'om-ingest';
/** Most bytes of JSON of all facts of a run together. */
const FACTS_BYTES = 8 * 1024;
/**
 * Time windows searched for them: a nightly pipeline has them in the first, a monthly one in the last. Milliseconds.
 */
const WINDOWS_MS = [14, 100].map((days) => days * 24 * 3_600_000);
/** Folder of a run's staged facts, one slice each, and of those from earlier runs, one slice for all. */
const STAGE = 'facts';
const EARLIER = { stage: 'earlier-facts', slice: '0' };

/**
 * Facts by name, each checked by its own model when it is read: another version of this program may have written them.
 */
export type SmallFacts = Readonly<Record<string, unknown>>;

const stored = z.object({ version: z.literal(1), facts: z.record(z.string(), z.unknown()) });

/** By how much the clock of another run's host may be ahead. */
const CLOCKS_APART_MS = 5 * 60_000;

/** What a run of the pipeline left, or says while it is under way. */
export interface RunFacts {
  readonly runId: string;
  /** Epoch milliseconds, by the run's own clock. */
  readonly startedAt: number;
  /** Undefined while the run is under way. */
  readonly endedAt: number | undefined;
  readonly facts: SmallFacts;
}

/**
 * The facts of the last run of the pipeline that left any; none without a pipeline. Those of this run, if it has said
 * some before its staging store was lost, come before all others.
 */
export async function readEarlierFacts(
  client: OpenMetadataClient,
  pipelineFqn: string | undefined,
  identity: { readonly pipelineRunId: string; readonly startedAt: number },
  signal: AbortSignal
): Promise<SmallFacts> {
  const runs = await readFactsOfRuns(client, pipelineFqn, identity, signal);
  return (runs.find(({ runId }) => runId === identity.pipelineRunId) ?? runs[0])?.facts ?? {};
}

/** The last runs of the pipeline that left or said any facts, this one too, by their starts, the latest first. */
export async function readFactsOfRuns(
  client: OpenMetadataClient,
  pipelineFqn: string | undefined,
  { startedAt }: { readonly startedAt: number },
  signal: AbortSignal
): Promise<RunFacts[]> {
  if (pipelineFqn === undefined) return [];
  for (const window of WINDOWS_MS) {
    const range = { startTs: startedAt - window, endTs: Math.max(startedAt, Date.now()) + CLOCKS_APART_MS };
    const statuses = await client.pipelines.listStatuses(pipelineFqn, range, { signal });
    const runs = statuses.flatMap((status): RunFacts[] => {
      const found = stored.safeParse(status.metadata?.[FACTS_KEY]);
      if (!found.success) return [];
      const [started, { facts }] = [startOf(status), found.data];
      const endedAt = status.pipelineState === 'running' ? undefined : (status.endDate ?? started);
      return [{ runId: status.runId, startedAt: started, endedAt, facts }];
    });
    if (runs.length > 0) return runs.sort((left, right) => right.startedAt - left.startedAt);
  }
  return [];
}

/** What a status says under `FACTS_KEY`, as it stands there, for one that replaces it. */
export function factsIn(metadata: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
  const said = metadata?.[FACTS_KEY];
  return said === undefined ? {} : { [FACTS_KEY]: said };
}

function startOf(status: PipelineStatusRecord): number {
  return status.startDate ?? status.timestamp ?? 0;
}

/** Keeps what `readEarlierFacts` found, for all stages of the run. */
export async function stageEarlierFacts(store: StagingStore, run: string, facts: SmallFacts): Promise<void> {
  const address = { run, ...EARLIER };
  await commitFirst(store, address, { position: facts });
}

/** Commits the only entry of a slice, unless there is one: the first of several attempts, also at once, holds. */
export async function commitFirst(
  store: StagingStore,
  address: SliceAddress,
  entry: { readonly position?: unknown; readonly facts?: unknown }
): Promise<void> {
  if ((await store.manifest(address)).length > 0) return;
  await store.commit(address, { ...entry, n: 0, last: true }).catch(unlessTaken);
}

function unlessTaken(error: unknown): undefined {
  if (!(error instanceof EntryTaken)) throw error;
}

/** None of a run that an older version of this program prepared. */
async function earlierFacts(store: StagingStore, run: string): Promise<SmallFacts> {
  const [entry] = await store.manifest({ run, ...EARLIER });
  return entry === undefined ? {} : z.record(z.string(), z.unknown()).parse(entry.position);
}

/** One fact of earlier runs of the pipeline; undefined when there is none, or it has another shape. */
export async function earlierFact<T>(
  store: StagingStore,
  run: string,
  name: string,
  model: z.ZodType<T>
): Promise<T | undefined> {
  return factOf(await earlierFacts(store, run), name, model);
}

/** The same from facts that were read already. */
export function factOf<T>(facts: SmallFacts, name: string, model: z.ZodType<T>): T | undefined {
  const found = model.safeParse(facts[name]);
  return found.success ? found.data : undefined;
}

/**
 * Leaves a fact to the next runs of the pipeline, replacing an earlier one of that name. It is put into the status with
 * which the run ends; a name that a run doesn't stage keeps its value. No secrets, no names of people. Repeatable: the
 * last one in a run counts.
 * @throws PermanentError for one larger than 8 KiB, the limit for all facts together
 */
export async function stageFact(store: StagingStore, run: string, name: string, value: unknown): Promise<void> {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > FACTS_BYTES)
    throw new PermanentError(`The fact ${name} for the next run has ${bytes} bytes; at most ${FACTS_BYTES} are kept.`);
  const address = { run, stage: STAGE, slice: name };
  for (;;) {
    const n = (await store.manifest(address)).length;
    // taken by another attempt at the same moment: this one comes behind it
    if ((await store.commit(address, { n, position: value, last: false }).catch(unlessTaken)) !== undefined) return;
  }
}

/**
 * What the status of a run that ends now says under `FACTS_KEY`: the staged facts over those of earlier runs. The
 * largest ones are left out while all together are too large; the next run then does without them.
 * @param announced what is said while the run is under way, and is not staged
 */
export async function factsForStatus(
  store: StagingStore,
  run: string,
  announced: SmallFacts = {}
): Promise<Readonly<Record<string, unknown>>> {
  const facts = new Map<string, unknown>(Object.entries(await earlierFacts(store, run)));
  for (const name of await store.slices(run, STAGE)) {
    const last = (await store.manifest({ run, stage: STAGE, slice: name })).at(-1);
    if (last !== undefined) facts.set(name, last.position);
  }
  for (const [name, value] of Object.entries(announced)) facts.set(name, value);
  const size = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  while (size(Object.fromEntries(facts)) > FACTS_BYTES) {
    const [largest] = [...facts].sort(([, left], [, right]) => size(right) - size(left));
    facts.delete(largest?.[0] ?? '');
  }
  return facts.size === 0 ? {} : { [FACTS_KEY]: { version: 1, facts: Object.fromEntries(facts) } };
}
