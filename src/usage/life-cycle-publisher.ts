import { lifeCycleChange, mapLimited, type LifeCycle } from '../openmetadata/index.js';
import { dayText } from '../sources/index.js';
import { orRefused } from './or-refused.js';
import type { PublishUsageInput } from './publish-input.js';
import type { Moment } from './staged-line.js';
import type { StoredCounts } from './stored-counts.js';
import type { TablePart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';
import { oldestKept } from './utc-day.js';

/** Moves the life cycles of tables on, of which the catalog lacks anything of the run. */
export class LifeCyclePublisher {
  #changes = new Map<TablePart, () => Promise<void>>();

  constructor(
    private readonly input: PublishUsageInput,
    private readonly stored: StoredCounts,
    private readonly users: UserFinder
  ) {}

  /** Looks at what the catalog has of a batch. @returns the tables that are moved on */
  async begin(parts: readonly TablePart[]): Promise<string[]> {
    this.#changes = new Map();
    await mapLimited(parts, this.input.lanes, async (part) => {
      const change = await orRefused(this.#changeOf(part), (error) => () => Promise.reject(error));
      if (change !== undefined) this.#changes.set(part, change);
    });
    return parts.filter((part) => this.#changes.has(part)).map(({ fqn }) => fqn);
  }

  /** @param isRepeated an attempt that was cut off had begun to move its life cycle on */
  async publish(part: TablePart, isRepeated: boolean): Promise<void> {
    const { recorder } = this.input;
    if ((await this.stored.of(part.id)) === 'absent') {
      recorder.warning('sink', `${part.fqn} is not in the catalog any more: its usage is left out.`);
      return;
    }
    const change = this.#changes.get(part);
    await change?.();
    if (change !== undefined || isRepeated) recorder.count('sink', { updated: 1 });
  }

  async #changeOf({ id, fqn, days, lifeCycle }: TablePart): Promise<(() => Promise<void>) | undefined> {
    const { client, now, signal } = this.input;
    const stored = await this.stored.of(id);
    if (stored === 'absent') return undefined;
    const lacks = days.some(([day, count]) => day < oldestKept(now) || (stored.get(dayText(day)) ?? 0) < count);
    if (!lacks) return undefined;
    const change = await lifeCycleChange(client.tables, fqn, await this.#lifeCycleOf(lifeCycle), { signal });
    return typeof change === 'string' ? undefined : change;
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
