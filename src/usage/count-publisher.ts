import { PermanentError } from '../errors/index.js';
import { mapLimited, type ColumnJoins, type TableJoinsRequest } from '../openmetadata/index.js';
import { dayText } from '../sources/index.js';
import { orRefused } from './or-refused.js';
import type { PublishUsageInput } from './publish-input.js';
import type { BegunBatch, PublishedDay } from './published-line.js';
import type { StoredCounts } from './stored-counts.js';
import type { DayPart } from './usage-part.js';
import { DAYS_KEPT, dayOf, oldestKept } from './utc-day.js';
import { waitBeforeLook } from './wait-before-look.js';

/**
 * Sends the counts of tables and their joins. Each table is asked once for what the catalog has of the
 * days it keeps. Then a day that it has nothing of gets the total, one that it has less of the difference, which mends
 * table, schema and database alike; the same and more are left as they are. The count of a day is the last thing sent
 * of it, so that an equal one says that all of it is there. A day that the answer does not cover, too old or still to
 * come, can't be compared and is left out.
 */
export class CountPublisher {
  readonly #today: number;
  readonly #oldest: number;

  constructor(
    private readonly input: PublishUsageInput,
    private readonly stored: StoredCounts
  ) {
    this.#today = dayOf(input.now);
    this.#oldest = oldestKept(input.now);
  }

  /** Looks at what the catalog has of a batch. @returns the tables and days that it has less of */
  async begin(parts: readonly DayPart[]): Promise<BegunBatch['days']> {
    const lacking = await mapLimited(parts, this.input.lanes, (part) => orRefused(this.#lacks(part), () => false));
    return parts.filter((_, index) => lacking[index] === true).map(({ fqn, day }) => [fqn, day]);
  }

  async #lacks({ id, day, count }: DayPart): Promise<boolean> {
    if (day < this.#oldest || day > this.#today) return false;
    const stored = await this.stored.of(id);
    return stored !== 'absent' && (stored.get(dayText(day)) ?? 0) < count;
  }

  /** @param isRepeated an attempt that was cut off had begun to send it: a count that is there now is its own */
  async publishDay({ id, fqn, day, count, joins }: DayPart, isRepeated: boolean): Promise<PublishedDay> {
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
    if (isRepeated && known === count) {
      recorder.count('sink', { records: 1 });
      return { ...line, outcome: 'written' };
    }
    if (known !== undefined && known >= count) {
      recorder.count('sink', { unchanged: 1 });
      return { ...line, outcome: 'unchanged', ...(known > count ? { larger: known } : {}) };
    }
    if (joins.length > 0) await this.#sendJoins(id, fqn, toRequest(date, joins));
    if (!(await this.#sendCount(id, date, count, known)))
      return { ...line, outcome: 'refused', reason: 'not in the catalog any more' };
    recorder.count('sink', { records: 1 });
    return { ...line, outcome: 'written' };
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

  /**
   * One bad entry makes the server refuse them all: each half is then sent on its own, until only the bad one is left.
   */
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
