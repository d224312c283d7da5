import { LRUCache } from 'lru-cache';
import { PermanentError } from '../errors/index.js';
import { joinKey, type ColumnJoins, type TableJoinsRequest } from '../openmetadata/index.js';
import { dayText } from '../sources/index.js';
import type { PublishUsageInput } from './publish-input.js';
import { earlierJoins, sentJoins, type DayJoins, type EarlierJoins, type JoinCount } from './sent-joins.js';
import type { DayPart } from './usage-part.js';
import { oldestKept } from './utc-day.js';

/** Tables whose sums of joins are remembered. */
const REMEMBERED = 5_000;

/** What became of the joins of a day whose count stays as it is. */
export interface LackingJoins {
  readonly joins: DayJoins | undefined;
  /** Pairs of which nothing tells whether the catalog has less. */
  readonly unclear: number;
}

/**
 * Sends the joins of tables by day. A pair that is sent again replaces its number, so none is sent with less than the
 * catalog has. The catalog tells the sum of 30 days only: what it has of a day is kept in the staging store by the runs
 * that sent it. Where nothing of that is known, a pair of which the run has more than that sum is sent, since the day
 * can't have more.
 */
export class JoinPublisher {
  #earlier: Promise<EarlierJoins> | undefined;
  #known = new Map<DayPart, DayJoins>();
  readonly #sums = new LRUCache<string, Promise<ReadonlyMap<string, number>>>({ max: REMEMBERED });

  constructor(private readonly input: PublishUsageInput) {}

  /** Looks up what earlier runs sent of a batch, in the order of the parts. */
  async begin(parts: readonly DayPart[]): Promise<void> {
    this.#known = new Map();
    const earlier = await (this.#earlier ??= this.#open());
    for (const part of parts) {
      const sent = await earlier.find(part);
      if (sent?.table === part.id) this.#known.set(part, sent);
    }
  }

  /**
   * Of a day whose count is sent behind them: all of them.
   * @param isFirst the catalog had no count of the day, so no joins but those of an attempt that was cut off
   */
  async sendAll(part: DayPart, isFirst: boolean): Promise<DayJoins> {
    const known = this.#known.get(part);
    const pairs = await this.#send(part, most(part.joins, known?.pairs ?? []));
    return { table: part.id, whole: isFirst || known?.whole === true, pairs };
  }

  /** Of a day that an attempt which was cut off sent. */
  sentBefore(part: DayPart, isFirst: boolean): DayJoins {
    const known = this.#known.get(part);
    return { table: part.id, whole: isFirst || known?.whole === true, pairs: most(part.joins, known?.pairs ?? []) };
  }

  /** Of a day whose count stays as it is: those that the catalog has less of. */
  async sendLacking(part: DayPart): Promise<LackingJoins> {
    const known = this.#known.get(part);
    const counts = new Map(known?.pairs.map((pair) => [keyOf(pair), pair[2]]));
    const more = part.joins.filter((pair) => pair[2] > (counts.get(keyOf(pair)) ?? 0));
    if (more.length === 0) return { joins: known, unclear: 0 };
    const sums = known?.whole === true ? undefined : await this.#sumsOf(part.id);
    const lacking = more.filter((pair) => pair[2] > (sums?.get(keyOf(pair)) ?? 0));
    const sent = lacking.length === 0 ? [] : await this.#send(part, lacking);
    if (sent.length > 0) this.#sums.delete(part.id);
    const isLacking = new Set(lacking.map(keyOf));
    const there = more.filter((pair) => !isLacking.has(keyOf(pair)));
    const pairs = most(known?.pairs ?? [], [...sent, ...there]);
    return { joins: { table: part.id, whole: known?.whole === true, pairs }, unclear: there.length };
  }

  async close(): Promise<void> {
    await (await this.#earlier)?.close();
  }

  async #open(): Promise<EarlierJoins> {
    const { store, service, now } = this.input;
    return earlierJoins(await store.state.read(sentJoins(service)), oldestKept(now));
  }

  #sumsOf(id: string): Promise<ReadonlyMap<string, number>> {
    const { client, signal } = this.input;
    const asked =
      this.#sums.get(id) ?? client.usage.storedJoins(id, { signal }).then((sums) => sums ?? new Map<string, number>());
    this.#sums.set(id, asked);
    return asked;
  }

  /**
   * One bad entry makes the server refuse them all: each half is then sent on its own, until only the bad one is left.
   * @returns those that were stored
   */
  async #send(part: DayPart, pairs: readonly JoinCount[]): Promise<JoinCount[]> {
    if (pairs.length === 0) return [];
    const { client, recorder, signal } = this.input;
    try {
      await client.usage.putJoins(part.id, toRequest(dayText(part.day), pairs), { signal });
      return [...pairs];
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      if (pairs.length === 1) {
        recorder.warning('sink', `A join of ${part.fqn} was not stored: ${error.message}`);
        return [];
      }
      const middle = Math.ceil(pairs.length / 2);
      const first = await this.#send(part, pairs.slice(0, middle));
      return [...first, ...(await this.#send(part, pairs.slice(middle)))];
    }
  }
}

function keyOf([column, other]: JoinCount): string {
  return joinKey(column, other);
}

/** Each pair once, with the larger number. */
function most(pairs: readonly JoinCount[], others: readonly JoinCount[]): JoinCount[] {
  const all = new Map(pairs.map((pair) => [keyOf(pair), pair]));
  for (const pair of others) {
    const same = all.get(keyOf(pair));
    if (same === undefined || same[2] < pair[2]) all.set(keyOf(pair), pair);
  }
  return [...all.values()];
}

/** Each column once, with all that it is joined with. */
function toRequest(date: string, joins: readonly JoinCount[]): TableJoinsRequest {
  const byColumn = new Map<string, { fullyQualifiedName: string; joinCount: number }[]>();
  for (const [column, fullyQualifiedName, count] of joins) {
    byColumn.set(column, [...(byColumn.get(column) ?? []), { fullyQualifiedName, joinCount: count }]);
  }
  const columnJoins: ColumnJoins[] = [...byColumn].map(([columnName, joinedWith]) => ({ columnName, joinedWith }));
  return { startDate: date, dayCount: 1, columnJoins, directTableJoins: [] };
}
