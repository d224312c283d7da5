/**
 * Thrown when no Temporal server can be found or started; the message lists what was tried and how to fix it. Exit code
 * 4.
 */
export class NoTemporalServerError extends Error {
  override readonly name = 'NoTemporalServerError';
}
