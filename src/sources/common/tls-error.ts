import { PermanentError } from '../../errors/index.js';
import { certificateFault } from '../../tls/index.js';

/**
 * The error of a server whose certificate is refused, in words that say which end to mend; undefined when it is another
 * error.
 * @param who `MySQL at localhost:3306`
 */
export function certificateError(error: unknown, who: string): PermanentError | undefined {
  // What the server itself says has a state; its words may speak of anything.
  const isAnswer = error instanceof Error && ('sqlState' in error || 'severity' in error);
  const fault = isAnswer ? undefined : certificateFault(error);
  if (fault === undefined) return undefined;
  return new PermanentError(`The certificate of ${who} ${fault.text}.`, {
    where: 'source.serviceConnection.config.sslConfig',
    remedy: fault.remedy,
  });
}
