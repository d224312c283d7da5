import { singleReadOnly } from '../data-quality/read-only.js';
import { RecordError } from '../errors/index.js';

/**
 * A user's SELECT as it may be sent.
 * @throws RecordError for one that writes, or is more than one statement
 */
export function readOnlySql(sql: string, what: string, fqn: string): string {
  try {
    return singleReadOnly(sql, what);
  } catch (error) {
    throw new RecordError(error instanceof Error ? error.message : String(error), fqn, { remedy: 'Give one SELECT.' });
  }
}
