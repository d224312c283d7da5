/**
 * Snowflake's and the driver's error codes → the error tree. The driver's error objects are never kept as `cause`: they
 * contain the HTTP request, and a login request contains the password.
 */
import {
  AuthenticationError,
  IngestionError,
  NoSuchColumn,
  NothingRuns,
  PermanentError,
  StatementTimeout,
  TransientError,
} from '../../errors/index.js';
import { readFault } from './session/driver-fault.js';
import { plainCode, ruleFor } from './session/error-rules.js';

/**
 * The tree's error for what the driver threw; one that is already in the tree is returned unchanged.
 * @param doing what was being done, which begins the message: `listing the tables of ANALYTICS.RAW`
 */
export function toIngestionError(error: unknown, doing: string): IngestionError {
  if (error instanceof IngestionError) return error;
  const fault = readFault(error);
  const rule = ruleFor(fault);
  const code = fault.code === undefined ? '' : ` (code ${fault.code})`;
  const quoted = rule.quote === true && fault.message !== '' ? ` Snowflake says: ${fault.message}` : '';
  const message = `${capitalise(doing)} failed: ${rule.message}${code}${quoted}`;
  // The fault is what is kept of the driver's error: the codes and the server's words.
  const facts = { cause: fault, ...(rule.remedy === undefined ? {} : { remedy: rule.remedy }) };
  switch (rule.kind) {
    case 'authentication':
      return new AuthenticationError(message, facts);
    case 'permanent': {
      const lacked = plainCode(fault) === NO_COLUMN ? lackedColumn(fault.message) : undefined;
      return lacked === undefined ? new PermanentError(message, facts) : new NoSuchColumn(message, lacked, facts);
    }
    case 'nothing runs':
      return new NothingRuns(message, facts);
    case 'transient':
      if (plainCode(fault) === TIME_LIMIT) return new StatementTimeout(message, facts);
      return new TransientError(message, { ...facts, throttled: fault.status === 429 });
  }
}

/** STATEMENT_TIMEOUT_IN_SECONDS was reached. */
const TIME_LIMIT = '630';
/** An invalid identifier. */
const NO_COLUMN = '904';

/** True when the server said that what was asked for does not exist or may not be used by the role. */
export function isNotAuthorized(error: unknown): boolean {
  return ['2003', '2043', '3001', '3540'].includes(codeOf(error));
}

/** Whether the statement names a column that isn't there: no grant helps. */
export function lacksColumn(error: unknown): boolean {
  return codeOf(error) === NO_COLUMN;
}

/** `invalid identifier 'T."c 7"'` */
function lackedColumn(message: string): string | undefined {
  const path = /invalid identifier '(.+?)'(?:[^']*)$/.exec(message)?.[1];
  const quoted = /"((?:[^"]|"")+)"$/.exec(path ?? '')?.[1];
  return quoted?.replaceAll('""', '"') ?? path;
}

/** Whether the session is no more: a new login is all that helps. */
export function endsSession(error: unknown): boolean {
  return SESSION_ENDS.has(codeOf(error));
}

const SESSION_ENDS: ReadonlySet<string> = new Set([
  ...['390104', '390110', '390111', '390112', '390114', '390115', '390195', '401004', '605'],
  ...['405503', '407001', '407002'],
]);

/** Whether the statement was refused before it began, so that it can be sent again without counting twice. */
export function ranNothing(error: unknown): boolean {
  return /^(390|407)/.test(codeOf(error));
}

/** True when an INFORMATION_SCHEMA view refused because its answer would be too large. */
export function isTooMuchData(error: unknown): boolean {
  return codeOf(error) === '90030';
}

function codeOf(error: unknown): string {
  return plainCode(readFault(error instanceof IngestionError ? error.cause : error));
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
