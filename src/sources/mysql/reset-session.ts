import mysql from 'mysql2';
import type { Connection } from 'mysql2';

/** What a session is told anyway. */
const RESET_TIMEOUT_MS = 60_000;

/**
 * Makes a session as it was after the log-in, but for its character set and its current schema: variables are the
 * server's, locks are given back.
 */
export async function resetSession(connection: Connection): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => settle(() => reject(error));
    const late = (): void =>
      fail(Object.assign(new Error('no answer to a reset'), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' }));
    const timer = setTimeout(late, RESET_TIMEOUT_MS);
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      connection.removeListener('error', fail);
      end();
    };
    connection.on('error', fail);
    connection.reset((error) => (error === null ? settle(resolve) : fail(error)));
  });
}

/** The character set of the log-in, by its number. */
export function namesOf(connection: Connection): string | undefined {
  const number: unknown = Reflect.get(connection.config, 'charsetNumber');
  const names = Object.entries(mysql.Charsets).flatMap(([name, of]) =>
    of === number && name.includes('_') ? [name] : []
  );
  const collation = names[0]?.toLowerCase();
  return collation === undefined ? undefined : `SET NAMES ${collation.replace(/_.*/, '')} COLLATE ${collation}`;
}
