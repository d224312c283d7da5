import Cursor from 'pg-cursor';
import { answered } from './answered.js';
import type { PostgresClient } from './postgres-client.js';
import { sendCommands } from './postgres-commands.js';
import type { SentStatement } from './sql-session.js';
import { valueTypes } from './postgres-value-types.js';

/** Rows that the server sends at once; it doesn't produce more before they are requested. */
const BATCH_ROWS = 200;
/** How long closing an unread cursor may take. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Rows of one statement in batches, by a protocol cursor: memory is bounded on both sides. After a reader that stops
 * early the connection can be used again; after a failure that isn't the server's answer it can't.
 */
export async function* cursorRows(
  client: PostgresClient,
  sent: SentStatement
): AsyncGenerator<readonly unknown[], void, undefined> {
  if (sent.isCommands === true) return sendCommands(client, sent);
  const { header, sql, values, signal, stallMs, onColumns, onWaited } = sent;
  signal.throwIfAborted();
  const config = { types: valueTypes, ...(onColumns === undefined ? {} : { rowMode: 'array' as const }) };
  const cursor = client.query(new Cursor<unknown>(header + sql, [...values], config));
  let waited = 0;
  let tellsColumns = onColumns;
  let isOpen = false;
  try {
    for (;;) {
      const before = performance.now();
      // a failure is the end of the cursor too
      isOpen = false;
      client.guard.expectRows(BATCH_ROWS);
      const { rows, fields } = await answered<{ rows: readonly unknown[]; fields: readonly { name: string }[] }>(
        (done) => cursor.read(BATCH_ROWS, (error, rows, result) => done(error, { rows, fields: result?.fields ?? [] })),
        { connection: client, signal, stallMs }
      ).finally(() => (waited += performance.now() - before));
      tellsColumns?.(fields.map(({ name }) => name));
      tellsColumns = undefined;
      isOpen = rows.length === BATCH_ROWS;
      if (rows.length > 0) yield rows;
      if (!isOpen) return;
    }
  } finally {
    onWaited(waited);
    if (isOpen)
      await answered((done) => cursor.close((error) => done(error, undefined)), {
        connection: client,
        stallMs: CLOSE_TIMEOUT_MS,
      });
  }
}
