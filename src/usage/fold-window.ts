import { z } from 'zod';
import type { NameFilter } from '../filters/index.js';
import type { PartRecorder } from '../report/index.js';
import type { LoggedQuery, LogWindow, UsageLogOptions, UsageLogSource, UsageRecord } from '../sources/index.js';
import type { Dialect } from '../sql/index.js';
import { listStage, type Listing, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import type { TextGroup } from './staged-line.js';
import { TextGroups, type TimedQuery } from './text-groups.js';

/** Groups held before they are staged, estimated bytes: what a read needs of memory. */
const HELD_BYTES = 16 * 1024 * 1024;

/**
 * The connector's cursor behind the last batch of groups that is staged whole, and how many lines of the next batch are. The batch is made
 * again from that cursor on, the same as before.
 */
const foldPosition = z.object({
  cursor: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  lines: z.number().int().nonnegative(),
});
type FoldPosition = z.infer<typeof foldPosition>;

export interface FoldWindowInput extends StageRun {
  /** Opened when something is left to read. */
  readonly source: () => Promise<UsageLogSource>;
  readonly window: LogWindow;
  readonly options: UsageLogOptions;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
  readonly dialect: Dialect;
  /** Whose statements count. */
  readonly users: NameFilter;
  /** The time of a run whose time the log does not have, milliseconds since the epoch. */
  readonly now: number;
  /** Default 16 MiB. */
  readonly heldBytes?: number;
}

/**
 * Reads a window of the log into its slice as groups of runs; the connector resumes after what is staged. Failed and cancelled runs, and
 * those of users that the recipe leaves out, count as filtered.
 * @returns the slice's manifest
 */
export function foldWindow(input: FoldWindowInput): Promise<readonly ManifestEntry[]> {
  return listStage(input, { to: input.to, work: (listing) => foldInto(input, listing) });
}

async function foldInto(input: FoldWindowInput, listing: Listing): Promise<void> {
  const { window, options, dialect, heldBytes = HELD_BYTES } = input;
  const source = await input.source();
  const resumed: FoldPosition = listing.after === undefined ? { lines: 0 } : foldPosition.parse(listing.after);
  const batch = new Batch(input, listing, new TextGroups(dialect), resumed);
  for await (const { record, cursor } of source.read(window, options, resumed.cursor)) {
    batch.take(record, { ...cursor });
    if (batch.bytes >= heldBytes) await batch.write();
  }
  await batch.write();
}

class Batch {
  #start: FoldPosition['cursor'];
  #end: FoldPosition['cursor'];
  #skip: number;
  #filtered = 0;
  #unreadable: (UsageRecord & { readonly kind: 'unreadable' })[] = [];

  constructor(
    private readonly input: FoldWindowInput,
    private readonly listing: Listing,
    private readonly groups: TextGroups,
    resumed: FoldPosition
  ) {
    this.#start = resumed.cursor;
    this.#end = resumed.cursor;
    this.#skip = resumed.lines;
  }

  get bytes(): number {
    return this.groups.bytes;
  }

  take(record: UsageRecord, cursor: FoldPosition['cursor']): void {
    this.#end = cursor;
    switch (record.kind) {
      case 'unreadable':
        this.#unreadable.push(record);
        break;
      case 'counted':
        this.groups.addCounted(record);
        break;
      case 'query':
        if (record.aborted === true || this.#isLeftOut(record.user)) this.#filtered += 1;
        else this.groups.add(timed(record, this.input.now));
    }
  }

  async write(): Promise<void> {
    const { listing } = this;
    const { recorder } = this.input;
    const lines = this.groups.take();
    for (const [index, line] of lines.entries()) {
      if (index < this.#skip) continue;
      const isLast = index === lines.length - 1;
      await listing.add(JSON.stringify(line), {
        cursor: position(isLast ? this.#end : this.#start, isLast ? 0 : index + 1),
        count: () => recorder.count('source', { records: runsOf(line) }),
      });
    }
    const [filtered, unreadable] = [this.#filtered, this.#unreadable];
    listing.pass(() => {
      recorder.count('source', { filtered });
      for (const { where, reason } of unreadable) recorder.failure('source', where, reason);
    });
    this.#start = this.#end;
    this.#skip = 0;
    this.#filtered = 0;
    this.#unreadable = [];
  }

  #isLeftOut(user: string | undefined): boolean {
    return this.input.users.reason(user ?? '') !== undefined;
  }
}

function position(cursor: FoldPosition['cursor'], lines: number): FoldPosition {
  return { lines, ...(cursor === undefined ? {} : { cursor }) };
}

function timed(query: LoggedQuery, now: number): TimedQuery {
  return { ...query, startedAt: query.startedAt ?? now };
}

function runsOf({ days }: TextGroup): number {
  return days.reduce((sum, { runs }) => sum + runs, 0);
}
