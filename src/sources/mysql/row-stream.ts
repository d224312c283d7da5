import { watchAnswer } from '../common/endless-answer.js';
import { exactDoubles, type TypeCast } from './exact-doubles.js';

/** The part of a mysql2 connection that a row stream needs; tests give a fake. */
export interface RowConnection {
  query(options: { readonly sql: string; readonly rowsAsArray: boolean; readonly typeCast: TypeCast }): RowQuery;
  pause(): void;
  resume(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
}

export interface RowQuery {
  on(event: 'result', listener: (row: unknown) => void): unknown;
  on(event: 'fields', listener: (fields: readonly { name: string }[] | undefined) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
}

export interface RowStreamOptions {
  readonly signal: AbortSignal;
  /** Milliseconds without any row or end while one is waited for; then the stream throws. */
  readonly stallMs: number;
  /** Bytes that the connection has received so far: they bound what is held in memory. Default: not known. */
  readonly received?: () => number;
  /** Called at the end with the milliseconds spent waiting for the server. */
  readonly onWaited: (milliseconds: number) => void;
  /** When set, rows come as arrays: called with the names of their columns before the first one. */
  readonly onColumns?: (names: readonly string[]) => void;
}

/** Rows, and bytes of them, held in memory before the socket is paused. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 16 * 1024 * 1024;

/** No row within `stallMs`; has the driver's code so that the error table maps it. */
class StallError extends Error {
  readonly code = 'PROTOCOL_SEQUENCE_TIMEOUT';
}

/**
 * Rows of one statement in batches, with backpressure. The driver reports a lost connection only on the connection when
 * a query has no callback, and its own Readable never ends then: so both are listened to here, and only the server's
 * end-of-rows packet counts as the end.
 */
export async function* streamRows(
  connection: RowConnection,
  sql: string,
  { signal, stallMs, onWaited, onColumns, received = () => 0 }: RowStreamOptions
): AsyncGenerator<readonly unknown[], void, undefined> {
  signal.throwIfAborted();
  let batch: unknown[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  let waited = 0;
  let batchFrom = received();
  let rowFrom = batchFrom;

  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  const abort = (): void => fail(signal.reason);
  connection.on('error', fail);
  signal.addEventListener('abort', abort, { once: true });
  const query = connection.query({ sql, rowsAsArray: onColumns !== undefined, typeCast: exactDoubles });
  if (onColumns !== undefined)
    query.on('fields', (fields = []) => {
      onColumns(fields.map(({ name }) => name));
      // it refuses __proto__ and the like, though arrays need no names; it makes the reader of rows after this event
      for (const field of fields) field.name = '';
    });
  query.on('result', (row) => {
    batch.push(row);
    rowFrom = received();
    if (batch.length >= BATCH_ROWS || rowFrom - batchFrom >= BATCH_BYTES) connection.pause();
    wake();
  });
  query.on('error', fail);
  query.on('end', () => {
    ended = true;
    wake();
  });

  try {
    for (;;) {
      if (failure !== undefined) throw failure.error;
      if (batch.length > 0) {
        const full = batch;
        batch = [];
        batchFrom = received();
        connection.resume();
        yield full;
        continue;
      }
      if (ended) return;
      const before = performance.now();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => fail(new StallError(`no answer within ${stallMs} ms`)), stallMs);
        const unwatch = watchAnswer(() => received() - rowFrom, 'one row', fail);
        wake = () => {
          // called for each row of a packet; the first one is enough
          wake = () => undefined;
          clearTimeout(timer);
          unwatch();
          // one turn of the event loop, so that all rows of a packet become one batch
          setImmediate(resolve);
        };
      });
      waited += performance.now() - before;
    }
  } finally {
    connection.removeListener('error', fail);
    signal.removeEventListener('abort', abort);
    onWaited(waited);
  }
}
