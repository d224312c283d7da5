import { z } from 'zod';
import { PermanentError } from '../../errors/index.js';
import { quoteIdentifier } from './quoted-name.js';
import type { MysqlSession } from './session.js';

const row = z.record(z.string(), z.unknown());

/**
 * The server's own text of one table or view: one statement each, so only on request (includeDDL) or if the catalogue's
 * text has lost characters.
 * @param onRefused gets the server's message when it shows this user nothing, or the object is gone; other failures
 * throw
 */
export async function showCreate(
  session: MysqlSession,
  what: 'TABLE' | 'VIEW',
  schema: string,
  name: string,
  onRefused: (reason: string) => void = () => undefined
): Promise<string | undefined> {
  const sql = `SHOW CREATE ${what} ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  try {
    const [shown] = await session.query({ sql, values: [], row });
    const text = shown?.[what === 'TABLE' ? 'Create Table' : 'Create View'];
    return typeof text === 'string' ? text : undefined;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    onRefused(error.message);
    return undefined;
  }
}
