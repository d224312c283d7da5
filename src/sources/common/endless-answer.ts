import { PermanentError } from '../../errors/index.js';

/** Most bytes received before the next rows can be passed on: otherwise an endless answer would fill the memory. */
export const MOST_AT_ONCE_BYTES = 128 * 1024 * 1024;
/** How often this is checked, milliseconds. */
const LOOK_MS = 50;

/**
 * Watches what a connection receives while its next rows are waited for.
 * @param received bytes since the last rows were passed on
 * @param what for the message: `one row`
 * @returns ends it
 */
export function watchAnswer(
  received: () => number,
  what: string,
  tooMuch: (error: PermanentError) => void
): () => void {
  const look = setInterval(() => {
    if (received() <= MOST_AT_ONCE_BYTES) return;
    clearInterval(look);
    tooMuch(tooMuchFor(what));
  }, LOOK_MS);
  return () => clearInterval(look);
}

export function tooMuchFor(what: string): PermanentError {
  return new PermanentError(`The server sent more than ${MOST_AT_ONCE_BYTES / 1024 / 1024} MiB for ${what}.`);
}
