import { finished, type Readable } from 'node:stream';
import { TransientError } from '../../../errors/index.js';
import { toIngestionError } from '../errors.js';
import { Row } from './row.js';

export interface ResultStreamOptions {
  readonly rows: Readable;
  /** How many rows the server said there are: fewer means a truncated result, never a short listing. */
  readonly expected: number;
  /**
   * Milliseconds without a next row until the connection is given up; the driver on its own would keep trying for
   * minutes.
   */
  readonly stallAfter: number;
  readonly signal: AbortSignal;
  /** For messages: `listing the tables of ANALYTICS.RAW`. */
  readonly doing: string;
}

/** The most rows in one batch, so that memory stays small however fast they come. */
const LARGEST_BATCH = 500;

/**
 * The rows of one result as they come, in batches: a promise per row would make more garbage than the rows do.
 * Ends early without error only when the caller stops reading.
 * @throws TransientError when the connection drops, stalls, or the result ends short of `expected`
 */
export async function* streamResult(options: ResultStreamOptions): AsyncGenerator<readonly Row[]> {
  const { rows, expected, stallAfter, signal, doing } = options;
  signal.throwIfAborted();
  const source = new RowSource(rows);
  const abort = (): void => source.stop(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  let received = 0;
  let stalled = false;
  try {
    for (;;) {
      const watch = setTimeout(() => {
        stalled = true;
        source.stop(new Error('stalled'));
      }, stallAfter);
      const batch = await source.next().finally(() => clearTimeout(watch));
      if (batch === undefined) break;
      received += batch.length;
      yield batch;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (stalled) {
      throw new TransientError(
        `${doing}: Snowflake sent no further row for ${stallAfter / 1000} s (${received} of ${expected} rows came).`
      );
    }
    throw toIngestionError(error, `${doing}, after ${received} of ${expected} rows,`);
  } finally {
    signal.removeEventListener('abort', abort);
    rows.destroy();
  }
  signal.throwIfAborted();
  if (received < expected) {
    throw new TransientError(`${doing}: the result ended after ${received} of ${expected} rows.`);
  }
}

/** Takes from the driver's stream what it has buffered. */
class RowSource {
  readonly #rows: Readable;
  #end: { readonly error?: Error } | undefined;
  #wake: (() => void) | undefined;

  constructor(rows: Readable) {
    this.#rows = rows;
    // The driver emits errors on streams that have already ended; without a listener they would end the process.
    rows.on('error', () => undefined);
    rows.on('readable', () => this.#wake?.());
    finished(rows, { writable: false }, (error) => {
      this.#end ??= error === null || error === undefined ? {} : { error };
      this.#wake?.();
    });
  }

  /** undefined at the end. */
  async next(): Promise<readonly Row[] | undefined> {
    for (;;) {
      const batch = this.#buffered();
      if (batch.length > 0) return batch;
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  stop(reason: Error): void {
    this.#end ??= { error: reason };
    this.#rows.destroy();
    this.#wake?.();
  }

  #buffered(): Row[] {
    const batch: Row[] = [];
    while (batch.length < LARGEST_BATCH && !this.#rows.destroyed) {
      const value: unknown = this.#rows.read();
      if (value === null) break;
      batch.push(new Row(value));
    }
    return batch;
  }
}
