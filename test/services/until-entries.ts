import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a staged slice has so many entries: a moment to stop its run at. */
export async function untilEntries(folder: string, count: number): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(2)) {
    try {
      if (readdirSync(folder).filter((name) => name.endsWith('.entry')).length >= count) return;
    } catch {
      // Not made yet.
    }
  }
  throw new Error(`${folder} has no ${count} entries within a minute`);
}
