import { lifeCycleChange, mapLimited, type LifeCycle } from '../openmetadata/index.js';
import { KnownLifeCycles } from './known-life-cycles.js';
import { orRefused } from './or-refused.js';
import type { PublishUsageInput } from './publish-input.js';
import type { Moment } from './staged-line.js';
import type { StoredCounts } from './stored-counts.js';
import type { TablePart } from './usage-part.js';
import type { UserFinder } from './user-finder.js';

/**
 * Moves life cycles on where the catalog's are behind the run's. Counts don't tell that: a log that shows less than
 * before, since it was rotated, say, or read for other users, may have newer uses.
 */
export class LifeCyclePublisher {
  readonly #known: KnownLifeCycles;
  #changes = new Map<TablePart, () => Promise<void>>();

  constructor(
    private readonly input: PublishUsageInput,
    private readonly stored: StoredCounts,
    private readonly users: UserFinder
  ) {
    this.#known = new KnownLifeCycles(input);
  }

  /** Looks at what the catalog has of a batch. @returns the tables that are moved on */
  async begin(parts: readonly TablePart[]): Promise<string[]> {
    this.#changes = new Map();
    await this.#known.list(parts);
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

  async #changeOf(part: TablePart): Promise<(() => Promise<void>) | undefined> {
    const { client, signal } = this.input;
    if (!this.#known.mayLack(part) || (await this.stored.of(part.id)) === 'absent') return undefined;
    const lifeCycle = await this.#lifeCycleOf(part.lifeCycle);
    const change = await lifeCycleChange(client.tables, part.fqn, lifeCycle, { signal });
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
