import { answered } from './answered.js';
import type { PostgresClient } from './postgres-client.js';
import type { SentStatement } from './sql-session.js';

/** Each of the statements is of one row at most. */
const MOST_ROWS = 4;

/** Statements with semicolons between them, in one message, whose rows nobody wants. */
export async function sendCommands(
  client: PostgresClient,
  { header, sql, signal, stallMs }: Pick<SentStatement, 'header' | 'sql' | 'signal' | 'stallMs'>
): Promise<void> {
  signal.throwIfAborted();
  client.guard.expectRows(MOST_ROWS);
  await answered<unknown>((done) => client.query(header + sql, done), { connection: client, signal, stallMs });
}
