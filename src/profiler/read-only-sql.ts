import { RecordError } from '../errors/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { NotReadOnly, singleReadOnly } from '../measures/index.js';

/**
 * A user's SELECT as it may be sent.
 * @throws RecordError for one that writes, or is more than one statement
 */
export function readOnlySql(
  sql: string,
  what: string,
  fqn: string,
  dialect: Pick<MeasureDialect, 'backslashIn'>
): string {
  try {
    return singleReadOnly(sql, what, dialect);
  } catch (error) {
    if (!(error instanceof NotReadOnly)) throw error;
    throw new RecordError(error.message, fqn, { remedy: 'Give one SELECT.' });
  }
}
