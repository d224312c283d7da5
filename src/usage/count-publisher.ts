import { mapLimited } from '../openmetadata/index.js';
import { dayText } from '../sources/index.js';
import { JoinPublisher } from './join-publisher.js';
import { orRefused } from './or-refused.js';
import type { PublishUsageInput } from './publish-input.js';
import type { BegunBatch, PublishedDay } from './published-line.js';
import type { StoredCounts } from './stored-counts.js';
import type { DayPart } from './usage-part.js';
import { DAYS_KEPT, dayOf, oldestKept } from './utc-day.js';
import { waitBeforeLook } from './wait-before-look.js';

/** A day that an attempt which was cut off had begun to send. */
export interface BegunDay {
  /** The count that the catalog had, 0 for none; undefined where an older version has not said. */
  readonly had: number | undefined;
}

/**
 * Sends the counts of tables and their joins. Each table is asked once for what the catalog has of the days it keeps.
 * Then a day that it has nothing of gets the total, one that it has less of the difference, which mends table, schema
 * and database alike; the same and more are left as they are. The count of a day is the last thing sent of it; that the
 * catalog has as many does not say that it has all joins, since they may be of another log. A day that the answer does
 * not cover, too old or still to come, can't be compared and is left out.
 */
export class CountPublisher {
  readonly #today: number;
  readonly #oldest: number;
  readonly #joins: JoinPublisher;

  constructor(
    private readonly input: PublishUsageInput,
    private readonly stored: StoredCounts
  ) {
    this.#today = dayOf(input.now);
    this.#oldest = oldestKept(input.now);
    this.#joins = new JoinPublisher(input);
  }

  /** Looks at what the catalog has of a batch. @returns the tables and days that it has less of */
  async begin(parts: readonly DayPart[]): Promise<BegunBatch['days']> {
    await this.#joins.begin(parts);
    const lacking = await mapLimited(parts, this.input.lanes, (part) => orRefused(this.#lacks(part), () => undefined));
    return parts.flatMap(({ fqn, day }, index): BegunBatch['days'] => {
      const had = lacking[index];
      return had === undefined ? [] : [[fqn, day, had]];
    });
  }

  close(): Promise<void> {
    return this.#joins.close();
  }

  /** @returns the count that is to be raised */
  async #lacks({ id, day, count }: DayPart): Promise<number | undefined> {
    if (day < this.#oldest || day > this.#today) return undefined;
    const stored = await this.stored.of(id);
    if (stored === 'absent') return undefined;
    const had = stored.get(dayText(day)) ?? 0;
    return had < count ? had : undefined;
  }

  /** @param begun an attempt that was cut off had begun to send it: a count that is there now is its own */
  async publishDay(part: DayPart, begun: BegunDay | undefined): Promise<PublishedDay> {
    const { id, fqn, day, count } = part;
    const { recorder } = this.input;
    const line = { kind: 'day', fqn, day, count } as const;
    if (day < this.#oldest || day > this.#today) {
      recorder.count('sink', { filtered: 1 });
      const reason = day < this.#oldest ? `older than ${DAYS_KEPT} days` : 'the day has not begun in UTC';
      return { ...line, outcome: 'filtered', reason };
    }
    const stored = await this.stored.of(id);
    if (stored === 'absent') return { ...line, outcome: 'refused', reason: 'not in the catalog any more' };
    const date = dayText(day);
    const known = stored.get(date);
    const isFirst = begun === undefined ? known === undefined : begun.had === 0;
    if (begun !== undefined && known === count) {
      recorder.count('sink', { records: 1 });
      return { ...line, outcome: 'written', joins: this.#joins.sentBefore(part, isFirst) };
    }
    if (known !== undefined && known >= count) {
      const { joins, unclear } = await this.#joins.sendLacking(part);
      recorder.count('sink', { unchanged: 1 });
      return {
        ...{ ...line, outcome: 'unchanged' },
        ...(known > count ? { larger: known } : {}),
        ...(joins === undefined ? {} : { joins }),
        ...(unclear === 0 ? {} : { unclearJoins: unclear }),
      };
    }
    const joins = await this.#joins.sendAll(part, isFirst);
    if (!(await this.#sendCount(id, date, count, known)))
      return { ...line, outcome: 'refused', reason: 'not in the catalog any more' };
    recorder.count('sink', { records: 1 });
    return { ...line, outcome: 'written', joins };
  }

  /**
   * Sends what the catalog lacks of a count. When it isn't clear whether a call arrived, the catalog is asked again and
   * gets what it lacks then: sent blindly once more, it would be added to schema and database twice.
   * @param known what the catalog has
   * @returns false when the table is gone meanwhile
   */
  async #sendCount(id: string, date: string, count: number, known: number | undefined): Promise<boolean> {
    const { client, signal, wait } = this.input;
    let stored = known;
    for (let tries = 1; stored === undefined || stored < count; tries += 1) {
      try {
        if (stored === undefined) await client.usage.setCount(id, { date, count }, { signal });
        else await client.usage.addCount(id, { date, count: count - stored }, { signal });
        return true;
      } catch (error) {
        const milliseconds = waitBeforeLook(error, tries);
        if (milliseconds === undefined) throw error;
        await wait(milliseconds, error instanceof Error ? error.message : String(error));
        const now = await this.stored.again(id);
        if (now === 'absent') return false;
        stored = now.get(date);
      }
    }
    return true;
  }
}
