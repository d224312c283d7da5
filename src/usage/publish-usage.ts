import type { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { mapLimited } from '../openmetadata/index.js';
import { toLines } from '../staging/index.js';
import { computePercentiles } from './compute-percentiles.js';
import { CostPublisher } from './cost-publisher.js';
import { CountPublisher } from './count-publisher.js';
import { LifeCyclePublisher } from './life-cycle-publisher.js';
import type { PublishUsageInput } from './publish-input.js';
import { begunIn, publishedLines, publishPosition, type BegunBatch, type PublishedLine } from './published-line.js';
import { PublishedSummary } from './published-summary.js';
import { QueryPublisher } from './query-publisher.js';
import { rememberCosts } from './remember-costs.js';
import { rememberJoins } from './remember-joins.js';
import { StoredCounts } from './stored-counts.js';
import { keyedPart, type UsagePart } from './usage-part.js';
import { UserFinder } from './user-finder.js';
import { dayOf } from './utc-day.js';

/**
 * Parts between two manifest entries: what a crash repeats. A batch ends with its slowest part, and one whose call
 * failed waits for seconds: in small batches hardly any two of these waits would be at the same time.
 */
const BATCH_PARTS = 500;
/** Parts of a batch that may all be refused; more of them say something about the server and end the run. */
const MOST_REFUSED = 10;

/**
 * Publishes what a run has added up, in the order it is staged in and in small batches, one manifest entry each:
 * queries, life cycles, counts and joins by day, the oldest first, then costs and percentiles. What the catalog has is
 * looked up before a count is sent, so that a repeat, of a batch or of the whole run, changes nothing. Only one of
 * these may run per service.
 *
 * It has its own loop: the manifest says what a batch lacks in the catalog before anything of it is sent, so that an
 * attempt that goes on knows what the one before it has sent; `transformStage` writes an entry while the next chunk is
 * worked on.
 */
export async function publishUsage(input: PublishUsageInput): Promise<void> {
  const { store, from, to } = input;
  const committed = await store.manifest(to);
  if (committed.at(-1)?.last === true) return;
  const done = committed.length === 0 ? undefined : publishPosition.parse(committed.at(-1)?.position);
  const publisher = new Publisher(input);
  let n = committed.length;
  const commit = async (
    position: z.infer<typeof publishPosition>,
    published: readonly (PublishedLine | BegunBatch)[],
    last = false
  ): Promise<void> => {
    const lines = published.length === 0 ? {} : { lines: toLines(published) };
    input.onCommit(await store.commit(to, { n, ...lines, position, facts: input.takeFacts(), last }));
    n += 1;
  };
  let interrupted = await begunIn(store, committed.at(-1));
  const chunks = await store.manifest(from);
  try {
    for (const [index, chunk] of chunks.entries()) {
      if (index < (done?.chunk ?? 0)) continue;
      const parts: UsagePart[] = [];
      for (const line of await store.read(chunk)) parts.push(keyedPart.parse(line)[1]);
      for (let start = index === done?.chunk ? done.lines : 0; start < parts.length; start += BATCH_PARTS) {
        const batch = parts.slice(start, start + BATCH_PARTS);
        const begun = await publisher.begin(batch);
        if (interrupted === undefined && isAny(begun))
          await commit({ chunk: index, lines: start, begun: true }, [begun]);
        await commit({ chunk: index, lines: start + batch.length }, await publisher.publish(batch, interrupted));
        interrupted = undefined;
      }
    }
  } finally {
    await publisher.close();
  }
  await endPublishing(input);
  await commit({ chunk: chunks.length, lines: 0 }, [], true);
}

/**
 * Ranks every day that the run counted, sent by it or by an earlier run that did not get that far; reports what
 * concerns all parts. Repeatable.
 */
async function endPublishing(input: PublishUsageInput): Promise<void> {
  const { store, to, service, now } = input;
  const summary = new PublishedSummary(dayOf(now));
  for await (const line of publishedLines(store, to)) summary.add(line);
  await computePercentiles(input, summary.counted);
  const version = { run: to.run, startedAt: now };
  await rememberJoins({ store, service, version, published: publishedLines(store, to) });
  const costs = await rememberCosts({ store, service, version, published: publishedLines(store, to) });
  summary.report(input.recorder, costs);
}

function isAny({ queries, tables, days, costs }: BegunBatch): boolean {
  return [queries, tables, days, costs].some(({ length }) => length > 0);
}

class Publisher {
  readonly #queries: QueryPublisher;
  readonly #lifeCycles: LifeCyclePublisher;
  readonly #counts: CountPublisher;
  readonly #costs: CostPublisher;

  constructor(private readonly input: PublishUsageInput) {
    const users = new UserFinder(input.client.users, input.signal);
    this.#queries = new QueryPublisher(input, users);
    const stored = new StoredCounts(input);
    this.#lifeCycles = new LifeCyclePublisher(input, stored, users);
    this.#counts = new CountPublisher(input, stored);
    this.#costs = new CostPublisher(input);
  }

  /** Lets go of what earlier runs left. */
  async close(): Promise<void> {
    await this.#counts.close();
    await this.#costs.close();
  }

  /** What the catalog lacks of a batch. */
  async begin(parts: readonly UsagePart[]): Promise<BegunBatch> {
    return {
      kind: 'begun',
      queries: await this.#queries.begin(parts.filter((part) => part.kind === 'query')),
      tables: await this.#lifeCycles.begin(parts.filter((part) => part.kind === 'table')),
      days: await this.#counts.begin(parts.filter((part) => part.kind === 'day')),
      costs: await this.#costs.begin(parts.filter((part) => part.kind === 'cost')),
    };
  }

  /**
   * Kinds come one after the other: a batch that holds the end of one and the beginning of the next is published in
   * that order.
   * @param interrupted what an attempt that was cut off had begun to send of it
   * @returns what became of days and costs, in the order of the parts, behind the statements that another service holds
   */
  async publish(parts: readonly UsagePart[], interrupted: BegunBatch | undefined): Promise<PublishedLine[]> {
    const tables = new Set(interrupted?.tables);
    const begunDays = new Map(interrupted?.days.map(([fqn, day, had]) => [`${day} ${fqn}`, { had }]));
    const published: PublishedLine[] = [];
    const queries = parts.filter((part) => part.kind === 'query');
    if (queries.length > 0) published.push(...(await this.#queries.publish(queries, new Set(interrupted?.queries))));
    await this.#each(
      parts.filter((part) => part.kind === 'table'),
      ({ fqn }) => fqn,
      (part) => this.#lifeCycles.publish(part, tables.has(part.fqn)),
      () => undefined
    );
    // A day's counts are sent before the next day's are begun.
    const days = parts.filter((part) => part.kind === 'day');
    for (const day of new Set(days.map((part) => part.day))) {
      const lines = await this.#each(
        days.filter((part) => part.day === day),
        ({ fqn }) => fqn,
        (part) => this.#counts.publishDay(part, begunDays.get(`${day} ${part.fqn}`)),
        ({ kind, fqn, count }, reason): PublishedLine => ({ kind, fqn, day, count, outcome: 'refused', reason })
      );
      published.push(...lines);
    }
    const isBegun = interrupted !== undefined && interrupted.costs.length > 0;
    const costs = await this.#each(
      parts.filter((part) => part.kind === 'cost'),
      ({ checksum }) => checksum,
      (part) => this.#costs.publish(part, isBegun),
      ({ kind, checksum, day, cost }): PublishedLine => ({ kind, checksum, day, cost, outcome: 'refused' })
    );
    return [...published, ...costs];
  }

  /** A part that the catalog refuses for good costs that part only. */
  async #each<P, R>(
    parts: readonly P[],
    nameOf: (part: P) => string,
    work: (part: P) => Promise<R>,
    refusal: (part: P, reason: string) => R
  ): Promise<R[]> {
    const refused: { name: string; error: PermanentError }[] = [];
    const results = await mapLimited(parts, this.input.lanes, async (part) => {
      try {
        return await work(part);
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        refused.push({ name: nameOf(part), error });
        return refusal(part, error.message);
      }
    });
    const [first] = refused;
    if (first !== undefined && refused.length === parts.length && parts.length > MOST_REFUSED) throw first.error;
    for (const { name, error } of refused) this.input.recorder.failure('sink', name, error.describe());
    return results;
  }
}
