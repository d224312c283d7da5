import { AuthenticationError, IngestionError, StatementTimeout, TransientError } from '../errors/index.js';
import type { MeasureDialect, MeasureSession } from '../sources/index.js';

/**
 * Milliseconds to wait before the statements of a table are tried again that fail while the source answers others;
 * there is one more try than there are waits.
 */
export const OWN_FAULT_WAITS_MS: readonly number[] = [15_000, 30_000];

/**
 * Whether a fault that may pass, or a refused login, lies with what the statement reads: the source itself still
 * answers. One that is away, opens no connection or asks to slow down is waited for by the next attempt; where a
 * session that stays open asks so in its answer to a statement, a function or a remote table may have said it.
 *
 * @param session the one in which the statement failed
 */
export async function isOwnFault(
  error: unknown,
  session: Pick<MeasureSession, 'rows'>,
  { alive = 'SELECT 1' }: Pick<MeasureDialect, 'alive'>
): Promise<boolean> {
  const isLogin = error instanceof AuthenticationError;
  if (!(isLogin || error instanceof TransientError) || error instanceof StatementTimeout) return false;
  if (!isLogin && ofSource(error)) return false;
  try {
    await session.rows(alive);
    return true;
  } catch (problem) {
    if (problem instanceof IngestionError) return false;
    throw problem;
  }
}

function ofSource({ arose, throttled, retryAfterMs }: TransientError): boolean {
  return arose === 'opening' || retryAfterMs !== undefined || (throttled && arose !== 'statement');
}

/** The reason of a failure that was tried again. */
export function triedInVain(error: IngestionError, tries: number): string {
  // what helps a source under pressure doesn't help a function that says so
  const said = error instanceof TransientError && error.throttled ? error.message : error.describe();
  const times = tries === 1 ? 'once' : `${tries} times`;
  return `${said}${/[.!?…]$/.test(said) ? '' : '.'} It was tried ${times}; the source answers other statements.`;
}
