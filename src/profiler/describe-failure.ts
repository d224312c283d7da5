import { StatementTimeout, type IngestionError } from '../errors/index.js';

/**
 * The text of a failure. What bounds a statement here is the recipe's own key, and not one of the driver's.
 * @param orElse what to do other than to raise that: `let it read fewer rows`
 */
export function describeFailure(error: IngestionError, orElse: string): string {
  if (!(error instanceof StatementTimeout)) return error.describe();
  return `${error.message.replace(/\.$/, '')}. Raise timeoutSeconds, or ${orElse}; if another session has locked the table, end that.`;
}
