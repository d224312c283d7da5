import {
  AuthenticationError,
  IngestionError,
  NoSuchColumn,
  PermanentError,
  StatementTimeout,
  TransientError,
} from '../../errors/index.js';
import { lackedColumn } from './lacked-column.js';
import { certificateError } from './tls-error.js';

/** What a driver or server code means for the run. */
export interface CodeRule {
  readonly consequence: 'authentication' | 'permanent' | 'transient' | 'throttled' | 'timeout';
  /** One clause; the place and the server's own message are added. */
  readonly meaning: string;
  readonly remedy: string;
}

/** Rules of one consequence: by code the meaning and the remedy. */
export function rulesOf(
  consequence: CodeRule['consequence'],
  byCode: Readonly<Record<string, readonly [meaning: string, remedy: string]>>
): Record<string, CodeRule> {
  return Object.fromEntries(
    Object.entries(byCode).map(([code, [meaning, remedy]]) => [code, { consequence, meaning, remedy }])
  );
}

/** What the errors of one engine's driver and server mean. */
export interface ErrorTable {
  /** `MySQL`, for messages. */
  readonly engine: string;
  readonly rules: Readonly<Record<string, CodeRule>>;
  /** The key of its rule, or the code of one that has none. */
  codeOf(error: Error): string | undefined;
  /** Whether one without a rule may be over in a while. */
  isPassing(error: Error, code: string | undefined): boolean;
}

/**
 * A driver's or server's error as one of the tree. Errors of the tree pass unchanged.
 * @param place `host:port`, as the recipe has it
 */
export function ingestionError(error: unknown, place: string, table: ErrorTable): IngestionError {
  if (error instanceof IngestionError) return error;
  const who = `${table.engine} at ${place}`;
  if (!(error instanceof Error)) return new PermanentError(`${who} failed: ${String(error)}`);
  // for a host with several addresses, each of which failed
  if (error instanceof AggregateError && error.errors[0] instanceof Error)
    return ingestionError(error.errors[0], place, table);
  const untrusted = certificateError(error, who);
  if (untrusted !== undefined) return untrusted;
  const code = table.codeOf(error);
  const rule = code === undefined || !Object.hasOwn(table.rules, code) ? undefined : table.rules[code];
  if (rule !== undefined) return errorOf(rule, who, error);
  const message = `${who} failed${code === undefined ? '' : ` (${code})`}: ${sentence(error)}`;
  const lacked = lackedColumn(code, error.message);
  if (lacked !== undefined) return new NoSuchColumn(message, lacked);
  return table.isPassing(error, code) ? new TransientError(message) : new PermanentError(message);
}

/**
 * Turns a driver's or server's error into one of the tree, by its rule. `cause` is left out: a driver's error contains
 * the statement and the socket.
 * @param who `MySQL at localhost:3306`
 */
function errorOf(rule: CodeRule, who: string, error: Error): IngestionError {
  const message = `${who} ${rule.meaning}: ${sentence(error)}`;
  const facts = { remedy: rule.remedy };
  switch (rule.consequence) {
    case 'authentication':
      return new AuthenticationError(message, facts);
    case 'permanent':
      return new PermanentError(message, facts);
    case 'transient':
      return new TransientError(message, facts);
    case 'throttled':
      return new TransientError(message, { ...facts, throttled: true });
    case 'timeout':
      return new StatementTimeout(message, facts);
  }
}

/** A driver's own message, ending in a full stop. */
function sentence(error: Error): string {
  return error.message.trim().replace(/\.?$/, '.');
}
