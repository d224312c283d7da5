import { hasWholeBrackets, NotReadOnly, singleReadOnly, type MeasureDialect } from '../sources/index.js';
import { TestAborted } from './test-aborted.js';

/**
 * A test's user query in a form that may be sent to an engine. @param what names it in messages @throws TestAborted
 * when it is refused
 */
export function readOnlyQuery(sql: string, what: string, dialect: Pick<MeasureDialect, 'backslashIn'>): string {
  try {
    return singleReadOnly(sql, what, dialect);
  } catch (error) {
    throw error instanceof NotReadOnly ? new TestAborted(error.message) : error;
  }
}

/** A condition must not break out of the brackets that it is put into. @throws TestAborted */
export function requireWhole(sql: string, what: string, dialect: Pick<MeasureDialect, 'backslashIn'>): void {
  if (!hasWholeBrackets(sql, dialect)) throw new TestAborted(`${what} has brackets that do not belong together.`);
}
