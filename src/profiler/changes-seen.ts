import { z } from 'zod';
import type { StagingStore, StateAddress, StateVersion } from '../staging/index.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What a source may show late: three hours for Snowflake's ACCESS_HISTORY, and some more. */
const LATE_MS = 4 * HOUR_MS;
/** What nobody saw for so long is not looked for: the source reads a whole history for it. */
const LONGEST_MS = 14 * DAY_MS;

const seenLine = z.object({ until: z.number() });

function addressOf(service: string): StateAddress {
  return { service, kind: 'profiler', name: 'row-changes' };
}

/**
 * Where the window of the system profile begins: a day before the run, and earlier where no run saw that by now.
 * @param now where it ends, epoch milliseconds
 */
export async function changesFrom(
  { state }: Pick<StagingStore, 'state'>,
  service: string,
  now: number
): Promise<number> {
  let until: number | undefined;
  for await (const { lines } of state.history(addressOf(service)))
    for await (const line of lines) {
      const seen = seenLine.safeParse(parsed(line));
      if (seen.success) until = Math.max(until ?? 0, seen.data.until);
    }
  const open = until === undefined ? now : until - LATE_MS;
  return Math.max(now - LONGEST_MS, Math.min(now - DAY_MS, open));
}

/** What this version doesn't know counts as nothing. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Keeps for the next run until when all changes were read that the source showed. */
export async function writeChangesSeen(
  { state }: Pick<StagingStore, 'state'>,
  service: string,
  version: StateVersion,
  until: number
): Promise<void> {
  await state.write(addressOf(service), version, [JSON.stringify({ until })]);
}
