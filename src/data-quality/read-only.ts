import { NotReadOnly, requireReadingCondition, singleReadOnly, type UsersSqlDialect } from '../sources/index.js';
import { TestAborted } from './test-aborted.js';

/**
 * A test's user query in a form that may be sent to an engine. @param what names it in messages @throws TestAborted
 * when it is refused
 */
export function readOnlyQuery(sql: string, what: string, dialect: UsersSqlDialect): string {
  return asAborted(() => singleReadOnly(sql, what, dialect));
}

/**
 * A test's user condition as it is put into brackets: a comment at its end must not swallow the closing one. @throws
 * TestAborted when it is refused
 */
export function readingCondition(sql: string, what: string, dialect: UsersSqlDialect): string {
  asAborted(() => requireReadingCondition(sql, what, dialect));
  return `${sql}\n`;
}

function asAborted<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof NotReadOnly ? new TestAborted(error.message) : error;
  }
}
