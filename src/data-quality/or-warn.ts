import type { TestCase } from './plan-test.js';
import { TestAborted } from './test-aborted.js';

/** A result is never lost because of what is sent along with it. */
export async function orWarn<T>(
  { onWarning }: { readonly onWarning: (text: string) => void },
  testCase: TestCase,
  what: string,
  otherwise: T,
  work: () => Promise<T>
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TestAborted)) throw error;
    onWarning(`${testCase.fqn}: its ${what} could not be read: ${error.message}`);
    return otherwise;
  }
}
