/**
 * Thrown when a test can't be judged: its parameters, its column or its statement are at fault. The result is Aborted,
 * with this reason.
 */
export class TestAborted extends Error {
  override readonly name = 'TestAborted';
}
