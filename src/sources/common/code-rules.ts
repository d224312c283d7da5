import {
  AuthenticationError,
  PermanentError,
  StatementTimeout,
  TransientError,
  type IngestionError,
} from '../../errors/index.js';

/** What a driver or server code means for the run. */
export interface CodeRule {
  readonly consequence: 'authentication' | 'permanent' | 'transient' | 'throttled' | 'timeout';
  /** One clause; the place and the server's own message are added. */
  readonly meaning: string;
  readonly remedy: string;
}

/**
 * Turns a driver's or server's error into one of the tree, by its rule. `cause` is left out: a driver's error contains
 * the statement and the socket.
 * @param who `MySQL at localhost:3306`
 */
export function errorOf(rule: CodeRule, who: string, error: Error): IngestionError {
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
export function sentence(error: Error): string {
  return error.message.trim().replace(/\.?$/, '.');
}
