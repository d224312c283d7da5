import { PermanentError } from '../../errors/index.js';
import { certificateFault } from '../../tls/index.js';

/**
 * The error of a server whose certificate is refused, saying which end to fix; undefined for other errors.
 * @param who `MySQL at localhost:3306`
 */
export function certificateError(error: unknown, who: string): PermanentError | undefined {
  // what the server itself says has a state; its message may be about anything
  const isAnswer = error instanceof Error && ('sqlState' in error || 'severity' in error);
  const fault = isAnswer ? undefined : certificateFault(error);
  if (fault === undefined) return undefined;
  return new PermanentError(`The certificate of ${who} ${fault.text}.`, {
    where: 'source.serviceConnection.config.sslConfig',
    remedy: fault.remedy,
  });
}
