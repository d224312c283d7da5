import { RecordError } from '../errors/index.js';
import { NotReadOnly, singleReadOnly, type UsersSqlDialect } from '../sources/index.js';

/**
 * A user's SELECT in a form that may be sent.
 * @throws RecordError if it writes, or is more than one statement
 */
export function readOnlySql(sql: string, what: string, fqn: string, dialect: UsersSqlDialect): string {
  try {
    return singleReadOnly(sql, what, dialect);
  } catch (error) {
    if (!(error instanceof NotReadOnly)) throw error;
    throw new RecordError(error.message, fqn, { remedy: 'Give one SELECT that only reads.' });
  }
}
