import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors/index.js';
import { NoCredentials, type StagingStore } from '../staging/index.js';

/** How long to wait for a staging store that may come back. */
export interface StorePatience {
  readonly ms: number;
  /** Ends the wait: what it waits for, or the signal's reason, is then thrown. */
  readonly signal?: AbortSignal;
  /** Default: a second at first, then twice as long each time, half a minute at most. */
  readonly pauseMs?: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Opens a store, again and again while it is away. What a person has to mend first is thrown at once.
 * @param say gets a line for each attempt that failed
 */
export async function awaitStore(
  open: () => Promise<StagingStore>,
  { ms, signal, pauseMs }: StorePatience,
  say: (line: string) => void
): Promise<StagingStore> {
  const since = Date.now();
  const told = (): boolean => signal?.aborted === true;
  for (let pause = pauseMs ?? FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const store = await open();
      signal?.throwIfAborted();
      return store;
    } catch (error) {
      if (!(error instanceof TransientError) || error instanceof NoCredentials) throw error;
      if (told() || Date.now() + pause > since + ms) throw error;
      say(`waits for its staging store: ${error.describe()} Since ${timeOf(since)}, until ${timeOf(since + ms)}.`);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (told()) throw error;
    }
  }
}

function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
