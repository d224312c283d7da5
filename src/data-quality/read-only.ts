import { NotReadOnly, singleReadOnly } from '../measures/index.js';
import { TestAborted } from './test-aborted.js';

/** A user's query of a test as it may be sent. @param what names it in messages @throws TestAborted for one that is refused */
export function readOnlyQuery(sql: string, what: string): string {
  try {
    return singleReadOnly(sql, what);
  } catch (error) {
    throw error instanceof NotReadOnly ? new TestAborted(error.message) : error;
  }
}
