import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors/index.js';
import { CONTINUES, StoreRefusal, type StagingStore } from '../staging/index.js';

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
  let last: unknown;
  for (let pause = pauseMs ?? FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      const store = await orTold(open(), signal);
      signal?.throwIfAborted();
      return store;
    } catch (error) {
      // what it waited for says more than that it was told to end
      if (told() && last !== undefined) throw ofStart(last);
      if (!(error instanceof TransientError) || error instanceof StoreRefusal) throw ofStart(error);
      if (told() || Date.now() + pause > since + ms) throw ofStart(error);
      last = error;
      const why = error.describe().replace(CONTINUES, 'The worker then starts.');
      say(`waits for its staging store: ${why} Since ${timeOf(since)}, until ${timeOf(since + ms)}.`);
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (told()) throw ofStart(error);
    }
  }
}

/** Doesn't wait for an answer once the signal says to end. @throws the signal's reason */
async function orTold<T>(opening: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return opening;
  let listener: (() => void) | undefined;
  const told = new Promise<never>((_, reject) => {
    listener = () => reject(signal.reason as Error);
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener);
  });
  try {
    return await Promise.race([opening, told]);
  } finally {
    if (listener !== undefined) signal.removeEventListener('abort', listener);
    opening.catch(() => undefined);
  }
}

/** There is no run that could continue. */
function ofStart(error: unknown): unknown {
  if (!(error instanceof TransientError) || error.remedy?.includes(CONTINUES) !== true) return error;
  const { message, where, cause } = error;
  const remedy = error.remedy.replace(CONTINUES, 'Then start the worker again.');
  return new TransientError(message, { remedy, cause, ...(where === undefined ? {} : { where }) });
}

function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
