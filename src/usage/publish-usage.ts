import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { mapLimited } from '../openmetadata/index.js';
import { computePercentiles } from './compute-percentiles.js';
import { CostPublisher } from './cost-publisher.js';
import { CountPublisher } from './count-publisher.js';
import type { PublishUsageInput } from './publish-input.js';
import { QueryPublisher } from './query-publisher.js';
import { keyedPart, type UsagePart } from './usage-part.js';
import { UserFinder } from './user-finder.js';

/** Parts between two manifest entries: what a crash repeats. */
const BATCH_PARTS = 200;
/** Parts of a batch that may all be refused; more of them say something about the server and end the run. */
const MOST_REFUSED = 10;

/** Behind `lines` lines of that chunk; `sent`: days of which counts were sent, or are about to be. */
export const publishPosition = z.object({
  chunk: z.number().int(),
  lines: z.number().int(),
  sent: z.array(z.number()),
});

/**
 * Publishes what a run has added up, in the order it is staged in and in small batches, one manifest entry each: queries, life cycles, counts
 * and joins by day, the oldest first, then costs and percentiles. What the catalog has is looked up before a count is sent, so that a repeat,
 * of a batch or of the whole run, changes nothing. Only one of these may be at work on a service.
 */
export async function publishUsage(input: PublishUsageInput): Promise<void> {
  const { store, from, to } = input;
  const committed = await store.manifest(to);
  if (committed.at(-1)?.last === true) return;
  const behind = committed.length === 0 ? undefined : publishPosition.parse(committed.at(-1)?.position);
  const publisher = new Publisher(input, behind?.sent ?? []);
  let n = committed.length;
  const commit = async (chunk: number, lines: number, last = false): Promise<void> => {
    const position = { chunk, lines, sent: publisher.daysSent };
    input.onCommit(await store.commit(to, { n, position, facts: input.takeFacts(), last }));
    n += 1;
  };
  const chunks = await store.manifest(from);
  for (const [index, chunk] of chunks.entries()) {
    if (index < (behind?.chunk ?? 0)) continue;
    const parts: UsagePart[] = [];
    for (const line of await store.read(chunk)) parts.push(keyedPart.parse(line)[1]);
    for (let start = index === behind?.chunk ? behind.lines : 0; start < parts.length; start += BATCH_PARTS) {
      const batch = parts.slice(start, start + BATCH_PARTS);
      if (await publisher.isBeginningDays(batch)) await commit(index, start);
      await publisher.publish(batch);
      await commit(index, start + batch.length);
    }
  }
  await computePercentiles(input, publisher.daysSent);
  publisher.report();
  await commit(chunks.length, 0, true);
}

class Publisher {
  readonly #queries: QueryPublisher;
  readonly #counts: CountPublisher;
  readonly #costs: CostPublisher;

  constructor(
    private readonly input: PublishUsageInput,
    sent: readonly number[]
  ) {
    const users = new UserFinder(input.client.users, input.signal);
    this.#queries = new QueryPublisher(input, users);
    this.#counts = new CountPublisher(input, users, sent);
    this.#costs = new CostPublisher(input);
  }

  get daysSent(): number[] {
    return this.#counts.daysSent;
  }

  /** Days of which nothing was sent before, so that they are remembered as to be ranked before anything is. */
  async isBeginningDays(parts: readonly UsagePart[]): Promise<boolean> {
    const days = await this.#counts.daysToSend(parts.filter((part) => part.kind === 'day'));
    return days.length > 0;
  }

  /** Kinds come one after the other: a batch that holds the end of one and the beginning of the next is published in that order. */
  async publish(parts: readonly UsagePart[]): Promise<void> {
    const queries = parts.filter((part) => part.kind === 'query');
    if (queries.length > 0) await this.#queries.publish(queries);
    await this.#each(
      parts.filter((part) => part.kind === 'table'),
      ({ fqn }) => fqn,
      (part) => this.#counts.lookAtTable(part)
    );
    // A day's counts are sent before the next day's are begun.
    const days = parts.filter((part) => part.kind === 'day');
    for (const day of new Set(days.map((part) => part.day))) {
      await this.#each(
        days.filter((part) => part.day === day),
        ({ fqn }) => fqn,
        (part) => this.#counts.publishDay(part)
      );
    }
    await this.#each(
      parts.filter((part) => part.kind === 'cost'),
      ({ checksum }) => checksum,
      (part) => this.#costs.publish(part)
    );
  }

  /** What these leave out, told once. */
  report(): void {
    this.#counts.report();
    this.#costs.report();
  }

  /** A part that the catalog refuses for good costs that part only. */
  async #each<P>(parts: readonly P[], nameOf: (part: P) => string, work: (part: P) => Promise<void>): Promise<void> {
    const refused: { name: string; error: PermanentError }[] = [];
    await mapLimited(parts, this.input.lanes, async (part) => {
      try {
        await work(part);
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        refused.push({ name: nameOf(part), error });
      }
    });
    const [first] = refused;
    if (first !== undefined && refused.length === parts.length && parts.length > MOST_REFUSED) throw first.error;
    for (const { name, error } of refused) this.input.recorder.failure('sink', name, error.describe());
  }
}
