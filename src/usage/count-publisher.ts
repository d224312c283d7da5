import { dayText } from '../sources/index.js';
import { LRUCache } from 'lru-cache';
import { PermanentError } from '../errors/index.js';
import {
  advanceLifeCycle,
  mapLimited,
  type ColumnJoins,
  type LifeCycle,
  type TableJoinsRequest,
} from '../openmetadata/index.js';
import type { PublishUsageInput } from './publish-input.js';
import type { Moment } from './staged-line.js';
import type { DayPart, TablePart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';
import { DAYS_KEPT, DAY_MS, dayOf } from './utc-day.js';

/** Tables whose stored counts are remembered; of more they are asked for again. */
const REMEMBERED = 60_000;
/** Tables that a note names. */
const NAMED = 10;

type Stored = ReadonlyMap<string, number> | 'absent';

/**
 * Sends the counts of tables, their joins and life cycles. Each table is asked once for what the catalog has of the days it keeps. Then a
 * day that it has nothing of gets the total, one that it has less of the difference, which mends table, schema and database alike; the same
 * and more are left as they are. The count of a day is the last thing sent of it, so that an equal one says that all of it is there.
 */
export class CountPublisher {
  readonly #stored = new LRUCache<string, Promise<Stored>>({ max: REMEMBERED });
  readonly #sent: Set<number>;
  readonly #tooOld = new Set<number>();
  readonly #larger = new Map<string, string>();
  readonly #oldest: number;

  constructor(
    private readonly input: PublishUsageInput,
    private readonly users: UserFinder,
    sent: readonly number[]
  ) {
    this.#sent = new Set(sent);
    this.#oldest = dayOf(input.now) - (DAYS_KEPT - 1) * DAY_MS;
  }

  /** Days of which a count was sent or is about to be, the oldest first. */
  get daysSent(): number[] {
    return [...this.#sent].sort((left, right) => left - right);
  }

  /** Looks at what the catalog has of a table; its life cycle is moved on when it lacks anything of the run. */
  async lookAtTable({ id, fqn, days, lifeCycle }: TablePart): Promise<void> {
    const { client, recorder, signal } = this.input;
    const stored = await this.#storedOf(id);
    if (stored === 'absent') {
      recorder.warning('sink', `${fqn} is not in the catalog any more: its usage is left out.`);
      return;
    }
    const lacks = days.some(([day, count]) => day < this.#oldest || (stored.get(dayText(day)) ?? 0) < count);
    if (!lacks) return;
    const wanted = await this.#lifeCycleOf(lifeCycle);
    const outcome = await advanceLifeCycle(client.tables, fqn, wanted, { signal });
    if (outcome === 'updated') recorder.count('sink', { updated: 1 });
  }

  /** Of days, those not named before of which some count will be sent; to be remembered before it is, or a crash would leave them unranked. */
  async daysToSend(parts: readonly DayPart[]): Promise<number[]> {
    const lacking = new Set<number>();
    await mapLimited(parts, this.input.lanes, async ({ id, day, count }) => {
      if (day < this.#oldest || this.#sent.has(day)) return;
      const stored = await this.#storedOf(id);
      if (stored !== 'absent' && (stored.get(dayText(day)) ?? 0) < count) lacking.add(day);
    });
    for (const day of lacking) this.#sent.add(day);
    return [...lacking];
  }

  async publishDay({ id, fqn, day, count, joins }: DayPart): Promise<void> {
    const { client, recorder, signal } = this.input;
    if (day < this.#oldest) {
      this.#tooOld.add(day);
      recorder.count('sink', { filtered: 1 });
      return;
    }
    const stored = await this.#storedOf(id);
    if (stored === 'absent') return;
    const date = dayText(day);
    const known = stored.get(date);
    if (known !== undefined && known >= count) {
      if (known > count) this.#larger.set(`${fqn} ${date}`, `${fqn} on ${date} (${known} stored, ${count} read)`);
      recorder.count('sink', { unchanged: 1 });
      return;
    }
    if (joins.length > 0) await this.#sendJoins(id, fqn, toRequest(date, joins));
    if (known === undefined) await client.usage.setCount(id, { date, count }, { signal });
    else await client.usage.addCount(id, { date, count: count - known }, { signal });
    recorder.count('sink', { records: 1 });
  }

  report(): void {
    const { recorder } = this.input;
    if (this.#tooOld.size > 0) {
      const dates = [...this.#tooOld].sort((left, right) => left - right).map(dayText);
      recorder.warning(
        'sink',
        `OpenMetadata keeps usage for ${DAYS_KEPT} days: that of ${listed(dates)} is older and was left out.`
      );
    }
    if (this.#larger.size > 0) {
      recorder.warning(
        'sink',
        `The catalog has more uses than the log shows now, and keeps them: ${listed([...this.#larger.values()])}. A log that was cut or rotated, resultLimit and user filters make a log show less than before.`
      );
    }
  }

  #storedOf(id: string): Promise<Stored> {
    const { client, now, signal } = this.input;
    const known = this.#stored.get(id);
    if (known !== undefined) return known;
    const asked = client.usage
      .storedCounts(id, { date: dayText(dayOf(now)), days: DAYS_KEPT, signal })
      .then((counts): Stored => counts ?? 'absent');
    this.#stored.set(id, asked);
    return asked;
  }

  /** One bad entry makes the server refuse them all: then each half is sent by itself, until the bad one stands alone. */
  async #sendJoins(id: string, fqn: string, request: TableJoinsRequest): Promise<void> {
    const { client, recorder, signal } = this.input;
    try {
      await client.usage.putJoins(id, request, { signal });
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const pairs = request.columnJoins.flatMap(({ columnName, joinedWith }) =>
        joinedWith.map((joined): ColumnJoins => ({ columnName, joinedWith: [joined] }))
      );
      if (pairs.length === 1) {
        recorder.warning('sink', `A join of ${fqn} was not stored: ${error.message}`);
        return;
      }
      const middle = Math.ceil(pairs.length / 2);
      await this.#sendJoins(id, fqn, { ...request, columnJoins: pairs.slice(0, middle) });
      await this.#sendJoins(id, fqn, { ...request, columnJoins: pairs.slice(middle) });
    }
  }

  async #lifeCycleOf({ created, updated, accessed }: TablePart['lifeCycle']): Promise<LifeCycle> {
    const [first, second, third] = await Promise.all(
      [created, updated, accessed].map((moment) => this.#details(moment))
    );
    return {
      ...(first === undefined ? {} : { created: first }),
      ...(second === undefined ? {} : { updated: second }),
      ...(third === undefined ? {} : { accessed: third }),
    };
  }

  async #details(moment: Moment | undefined): Promise<LifeCycle['accessed']> {
    if (moment === undefined) return undefined;
    const { at: timestamp, user } = moment;
    if (user === undefined) return { timestamp };
    const found = await this.users.find(user);
    if (found === undefined) return { timestamp, accessedByAProcess: user[0] };
    return { timestamp, accessedBy: { id: found.id, type: 'user' } };
  }
}

/** Each column once, with all that it is joined with. */
function toRequest(date: string, joins: DayPart['joins']): TableJoinsRequest {
  const byColumn = new Map<string, { fullyQualifiedName: string; joinCount: number }[]>();
  for (const [column, fullyQualifiedName, joinCount] of joins) {
    byColumn.set(column, [...(byColumn.get(column) ?? []), { fullyQualifiedName, joinCount }]);
  }
  const columnJoins = [...byColumn].map(([columnName, joinedWith]) => ({ columnName, joinedWith }));
  return { startDate: date, dayCount: 1, columnJoins, directTableJoins: [] };
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMED ? `, … (${names.length} in all)` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}
