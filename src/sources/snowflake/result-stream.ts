import type { Readable } from 'node:stream';
import { TransientError } from '../../errors/index.js';
import { toIngestionError } from './errors.js';
import { Row } from './row.js';

export interface ResultStreamOptions {
  readonly rows: Readable;
  /** How many rows the server said there are: fewer is a cut result, never a short listing. */
  readonly expected: number;
  /** Milliseconds without a next row until the connection is given up; the driver alone would go on trying for minutes. */
  readonly stallAfter: number;
  readonly signal: AbortSignal;
  /** For messages: `listing the tables of ANALYTICS.RAW`. */
  readonly doing: string;
}

/**
 * The rows of one result as they come. Ends early without error only when the caller stops reading.
 * @throws TransientError when the connection drops, stalls, or the result ends short of `expected`
 */
export async function* streamResult({
  rows,
  expected,
  stallAfter,
  signal,
  doing,
}: ResultStreamOptions): AsyncGenerator<Row> {
  signal.throwIfAborted();
  // The driver emits errors on streams that are destroyed already; without a listener they would end the process.
  rows.on('error', ignore);
  let waitingSince: number | undefined;
  let stalled = false;
  const watch = setInterval(
    () => {
      if (waitingSince === undefined || Date.now() - waitingSince < stallAfter) return;
      stalled = true;
      rows.destroy(new Error('stalled'));
    },
    Math.min(1_000, Math.ceil(stallAfter / 4))
  );
  const abort = (): void => void rows.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });

  let received = 0;
  try {
    waitingSince = Date.now();
    for await (const value of rows) {
      waitingSince = undefined;
      received += 1;
      yield new Row(value);
      waitingSince = Date.now();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (stalled)
      throw new TransientError(
        `${doing}: Snowflake sent no further row for ${stallAfter / 1000} s (${received} of ${expected} rows came).`
      );
    throw toIngestionError(error, `${doing}, after ${received} of ${expected} rows,`);
  } finally {
    clearInterval(watch);
    signal.removeEventListener('abort', abort);
    rows.destroy();
  }
  signal.throwIfAborted();
  if (received < expected) {
    throw new TransientError(`${doing}: the result ended after ${received} of ${expected} rows.`);
  }
}

function ignore(): void {
  // Told to the reader through the iteration.
}
