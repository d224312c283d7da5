/**
 * Thrown when a test can't be judged because its parameters, its column or its statement are wrong. The result is
 * Aborted, with this reason.
 */
export class TestAborted extends Error {
  override readonly name = 'TestAborted';
}
