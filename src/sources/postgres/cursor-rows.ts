import type { Client } from 'pg';
import Cursor from 'pg-cursor';
import { watchAnswer } from '../common/endless-answer.js';
import { socketOf } from './connect.js';
import { valueTypes } from './value-types.js';

export interface CursorOptions {
  readonly signal: AbortSignal;
  /** How long the server may take for its next rows, milliseconds. */
  readonly stallMs: number;
  /** When set, rows come as arrays: called with the names of their columns before the first one. */
  readonly onColumns?: (names: readonly string[]) => void;
  /** Called at the end with the milliseconds spent waiting for the server. */
  readonly onWaited: (milliseconds: number) => void;
}

/** Rows that the server sends at once; it doesn't produce more before they are requested. */
const BATCH_ROWS = 200;
/** How long closing an unread cursor may take. */
const CLOSE_TIMEOUT_MS = 5_000;

interface Batch {
  readonly rows: readonly unknown[];
  readonly names: readonly string[];
}

/**
 * Rows of one statement in batches, by a protocol cursor: memory is bounded on both sides. After a reader that stops
 * early the connection can be used again; after a failure that isn't the server's answer it can't.
 */
export async function* cursorRows(
  client: Client,
  sql: string,
  values: readonly unknown[],
  { signal, stallMs, onColumns, onWaited }: CursorOptions
): AsyncGenerator<readonly unknown[], void, undefined> {
  signal.throwIfAborted();
  const config = { types: valueTypes, ...(onColumns === undefined ? {} : { rowMode: 'array' as const }) };
  const cursor = client.query(new Cursor<unknown>(sql, [...values], config));
  let waited = 0;
  let state: 'first' | 'reading' | 'over' = 'first';
  try {
    for (;;) {
      const before = performance.now();
      const read = (done: (error: unknown, batch: Batch) => void): void =>
        void cursor.read(BATCH_ROWS, (error, rows, result) =>
          done(error, { rows, names: (result?.fields ?? []).map(({ name }) => name) })
        );
      const isFirst = state === 'first';
      // a failure is the end of the cursor too
      state = 'over';
      const { rows, names } = await answered(client, read, signal, stallMs).finally(() => {
        waited += performance.now() - before;
      });
      if (isFirst) onColumns?.(names);
      if (rows.length === BATCH_ROWS) state = 'reading';
      if (rows.length > 0) yield rows;
      if (rows.length < BATCH_ROWS) return;
    }
  } finally {
    onWaited(waited);
    if (state === 'reading') {
      const close = (done: (error: unknown, nothing: undefined) => void): void =>
        void cursor.close((error) => done(error, undefined));
      await answered(client, close, new AbortController().signal, CLOSE_TIMEOUT_MS);
    }
  }
}

/** The driver's answer to a question, unless the connection is lost, the wait ends or the work is aborted first. */
async function answered<Answer>(
  client: Client,
  ask: (done: (error: unknown, answer: Answer) => void) => void,
  signal: AbortSignal,
  stallMs: number
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      unwatch();
      signal.removeEventListener('abort', abort);
      client.removeListener('error', fail);
      client.removeListener('end', lose);
      end();
    };
    const fail = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const abort = (): void => fail(signal.reason);
    const lose = (): void => fail(new Error('Connection terminated'));
    const stall = (): void => fail(Object.assign(new Error(`no answer within ${stallMs} ms`), { code: 'STALLED' }));
    const timer = setTimeout(stall, stallMs);
    const before = receivedBy(client);
    const unwatch = watchAnswer(() => receivedBy(client) - before, `${BATCH_ROWS} rows`, fail);
    signal.addEventListener('abort', abort, { once: true });
    client.on('error', fail);
    client.on('end', lose);
    if (signal.aborted) return abort();
    ask((error, answer) => {
      if (error === undefined || error === null) settle(() => resolve(answer));
      else fail(error);
    });
  });
}

function receivedBy(client: Client): number {
  return socketOf(client)?.bytesRead ?? 0;
}
