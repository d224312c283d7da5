import { z } from 'zod';
import { afterwards, type Awaitable, type NameFilter } from '../filters/index.js';
import { mergeParts, NO_PART, type PartRecorder, type PartReport } from '../report/index.js';
import type { LogCursor, LogWindow, UsageLogOptions, UsageRecord } from '../sources/index.js';
import type { Dialect } from '../sql/index.js';
import { listStage, type ManifestEntry, type SliceAddress, type StageRun } from '../staging/index.js';
import type { RunLog } from './run-log.js';
import { sortLines, type Gathered } from './sorted-lines.js';
import { textGroup, type TextGroup } from './staged-line.js';
import { TextGroups, uniteGroups } from './text-groups.js';
import { DAY_MS, dayOf, oldestKept } from './utc-day.js';

/** Groups held before they are spilled, estimated bytes: what a read needs of memory. */
const HELD_BYTES = 32 * 1024 * 1024;

/** The connector's cursor after what was read in one go, and what was counted meanwhile in addition to groups. */
const readPlace = z.object({
  cursor: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  facts: z.custom<PartReport>((value) => typeof value === 'object' && value !== null && 'steps' in value),
});
type ReadPlace = z.infer<typeof readPlace>;

/** After the group of that key. */
const groupPosition = z.object({ key: z.string() });

export interface FoldWindowInput extends StageRun {
  /** Opened when something is left to read. */
  readonly source: () => Promise<RunLog>;
  readonly window: LogWindow;
  readonly options: UsageLogOptions;
  /** Where sorted run number `n` is spilled. */
  readonly run: (n: number) => SliceAddress;
  readonly to: SliceAddress;
  readonly recorder: PartRecorder;
  readonly dialect: Dialect;
  /** Whose statements count. */
  readonly users: NameFilter;
  /** The time of a run whose time the log does not have, milliseconds since the epoch. */
  readonly now: number;
  /** When the run began: OpenMetadata keeps 30 days from here back. Default `now`. */
  readonly startedAt?: number;
  /** Called for each spilled chunk. */
  readonly onSpill: () => void;
  /** Default 32 MiB. */
  readonly heldBytes?: number;
}

/**
 * Reads a window of the log into its slice as groups of runs, each statement once: what doesn't fit into memory is
 * spilled as sorted runs and merged. The connector resumes after what is spilled. Failed and cancelled runs, and those
 * of users that the recipe leaves out, count as filtered.
 * @returns the slice's manifest
 */
export function foldWindow(input: FoldWindowInput): Promise<readonly ManifestEntry[]> {
  const { store, run, onSpill, recorder, to } = input;
  let read: PartReport = NO_PART;
  const takeFacts = (): PartReport => {
    const facts = mergeParts(read, recorder.take());
    read = NO_PART;
    return facts;
  };
  return listStage(
    { ...input, takeFacts },
    {
      to,
      work: async (listing) => {
        const reading = new Reading(input);
        const sorted = await sortLines<TextGroup, ReadPlace>({
          ...{ store, run, onSpill, unite: uniteGroups, place: readPlace, line: textGroup },
          gather: (after) => reading.gather(after?.cursor),
        }).finally(() => reading.close());
        const after = listing.after === undefined ? undefined : groupPosition.parse(listing.after).key;
        for await (const [key, group] of sorted.lines(after)) {
          const cursor: z.infer<typeof groupPosition> = { key };
          const count = (): void => recorder.count('source', { records: runsOf(group) });
          const full = listing.add(JSON.stringify(group), { cursor, count });
          if (full !== undefined) await full;
        }
        listing.pass(() => (read = sorted.places.reduce((sum, { facts }) => mergeParts(sum, facts), NO_PART)));
      },
    }
  );
}

/** One pass over the log, from where it was begun. */
class Reading {
  #records: AsyncIterator<{ readonly record: UsageRecord; readonly cursor: LogCursor }> | undefined;

  constructor(private readonly input: FoldWindowInput) {}

  /**
   * Groups of the next records, until they fill the memory that they may take. @param after where the first call begins
   */
  async gather(after: LogCursor | undefined): Promise<Gathered<TextGroup, ReadPlace>> {
    const { window, options, dialect, recorder, now, startedAt = now, heldBytes = HELD_BYTES } = this.input;
    this.#records ??= (await this.input.source()).read(window, options, after)[Symbol.asyncIterator]();
    const groups = new TextGroups(dialect, { from: oldestKept(startedAt), until: dayOf(startedAt) + DAY_MS });
    let cursor = after;
    let end = false;
    while (groups.bytes < heldBytes && !end) {
      const next = await this.#records.next();
      end = next.done === true;
      if (next.done === true) break;
      cursor = next.value.cursor;
      // one promise per record adds up
      const taken = this.#take(next.value.record, groups);
      if (taken instanceof Promise) await taken;
    }
    const behind: ReadPlace = { facts: recorder.take(), ...(cursor === undefined ? {} : { cursor: { ...cursor } }) };
    return { lines: groups.take(), behind, end };
  }

  async close(): Promise<void> {
    await this.#records?.return?.();
  }

  #take(record: UsageRecord, groups: TextGroups): Awaitable<void> {
    const { recorder, users, now, window } = this.input;
    switch (record.kind) {
      case 'unreadable':
        recorder.failure('source', record.where, record.reason);
        break;
      case 'counter':
        throw new Error(`The log ${window.log} has counters and does not say so.`);
      case 'counted':
        groups.addCounted(record);
        break;
      case 'query':
        if (record.aborted === true || record.own === true) recorder.count('source', { filtered: 1 });
        else
          return afterwards(users.reason(record.user ?? ''), (reason) => {
            if (reason === undefined) groups.add({ ...record, startedAt: record.startedAt ?? now });
            else recorder.count('source', { filtered: 1 });
          });
    }
  }
}

function runsOf({ days }: TextGroup): number {
  return days.reduce((sum, { runs }) => sum + runs, 0);
}
