/**
 * True when a child could not be started because its id is taken. The SDK's workflow package does not export the class
 * of this error.
 */
export function isAlreadyStarted(error: unknown): boolean {
  return error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError';
}
