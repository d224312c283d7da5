import { z } from 'zod';
import type { StagingStore, StateAddress, StateVersion } from '../staging/index.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a source may show late: three hours for Snowflake's ACCESS_HISTORY, and some more. */
const LATE_MS = 4 * HOUR_MS;
/** What a source keeps of its history: Snowflake a year. */
const KEPT_MS = 365 * DAY_MS;
/**
 * What a table takes along that fails, or of whose changes the source did not show all: that may be so for ever, and
 * the whole history is read for it in each run.
 */
const OF_FAILED_MS = 14 * DAY_MS;
/** How long a table is known that no run lists: what is missing of it can be told until then. */
const KNOWN_MS = 2 * KEPT_MS;

/**
 * Until when a table's row changes were read; `failed`: since then it failed, or the source did not show all, which
 * `lacks` says of it. `asked`: when a run asked for more.
 */
const seenTable = z.object({
  until: z.number(),
  failed: z.literal(true).optional(),
  lacks: z.literal(true).optional(),
  asked: z.number().optional(),
});
/** As a run stages it. */
export const seenLine = z.tuple([z.string(), seenTable]);
/** Of releases that kept one time for a service, whichever of its tables they had read. */
const serviceLine = z.object({ until: z.number() });

export type SeenTable = z.infer<typeof seenTable>;

/** What earlier runs read of what changed rows. */
export interface ChangesSeen {
  /** By the tables' FQNs. */
  readonly tables: ReadonlyMap<string, SeenTable>;
  /** As a release before knew it of the service as a whole: only what was profiled since is sure to be read. */
  readonly service?: number;
}

/**
 * Where a table's own window begins, epoch milliseconds; `gap`: since when its changes are not read any more, and
 * `lacks`, whether that is since the source did not show them.
 */
export interface OpenChanges {
  readonly from: number;
  readonly gap?: number;
  readonly lacks?: boolean;
}

function addressOf(service: string): StateAddress {
  return { service, kind: 'profiler', name: 'row-changes' };
}

export async function readChangesSeen({ state }: Pick<StagingStore, 'state'>, service: string): Promise<ChangesSeen> {
  const tables = new Map<string, SeenTable>();
  let ofService: number | undefined;
  for await (const { lines } of state.history(addressOf(service)))
    for await (const line of lines) {
      const value = parsed(line);
      const whole = serviceLine.safeParse(value);
      if (whole.success) ofService = Math.max(ofService ?? 0, whole.data.until);
      const one = seenLine.safeParse(value);
      if (!one.success) continue;
      const [fqn, seen] = one.data;
      // runs at the same time don't see each other's
      if (seen.until > (tables.get(fqn)?.until ?? -Infinity)) tables.set(fqn, seen);
    }
  return { tables, ...(ofService === undefined ? {} : { service: ofService }) };
}

/**
 * Where the window of a table's system profile begins: a day before the run, and earlier where no run read that of the
 * table by now.
 * @param now where it ends, epoch milliseconds
 * @param profiled when it was profiled last, if that is known
 */
export function openChanges(
  { tables, service }: ChangesSeen,
  fqn: string,
  { now, profiled }: { readonly now: number; readonly profiled: number | undefined }
): OpenChanges {
  const own = tables.get(fqn);
  const before = service === undefined || profiled === undefined ? undefined : Math.min(service, profiled);
  const until = own?.until ?? before;
  if (until === undefined) return { from: now - DAY_MS };
  const open = until - LATE_MS;
  // what happened since the last run was never asked for, however long ago that was
  const ofFailed = Math.min(now - OF_FAILED_MS, (own?.asked ?? now) - LATE_MS);
  const longest = Math.max(now - KEPT_MS, own?.failed === true ? ofFailed : -Infinity);
  const from = Math.max(longest, Math.min(now - DAY_MS, open));
  return open < longest ? { from, gap: until, lacks: own?.lacks === true } : { from };
}

/** What is kept of a table of which nothing more was read: its next window begins where this one did. */
export function unread({ from }: OpenChanges, now: number): SeenTable {
  return { until: from + LATE_MS, asked: now };
}

/** What this version doesn't know counts as nothing. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Keeps for the next run until when the changes of each table were read, with what is known from other runs. */
export async function writeChangesSeen(
  store: Pick<StagingStore, 'state'>,
  service: string,
  version: StateVersion,
  own: ReadonlyMap<string, SeenTable>
): Promise<void> {
  const known = await readChangesSeen(store, service);
  const tables = new Map(known.tables);
  for (const [fqn, seen] of own) {
    const until = Math.max(seen.until, tables.get(fqn)?.until ?? -Infinity);
    tables.set(fqn, { ...seen, until });
  }
  await store.state.write(addressOf(service), version, linesOf({ ...known, tables }, version.startedAt - KNOWN_MS));
}

function* linesOf({ tables, service }: ChangesSeen, oldest: number): Generator<string> {
  if (service !== undefined && service >= oldest) yield JSON.stringify({ until: service });
  for (const line of tables) if (line[1].until >= oldest) yield JSON.stringify(line);
}
