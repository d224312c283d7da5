/** Thrown when no way leads to a Temporal server; the message lists what was tried and how to mend it. Exit code 4. */
export class NoTemporalServerError extends Error {
  override readonly name = 'NoTemporalServerError';
}
