import { AuthenticationError, PermanentError } from '../errors/index.js';
import type { OpenMetadataClient } from '../openmetadata/index.js';
import type { PartRecorder } from '../report/index.js';

/**
 * Whether rows that failed a test may be kept, from the server's global profiler settings. A server without such
 * settings keeps them; if the token may not read them, none are kept.
 */
export async function mayKeepRows(
  { tests }: Pick<OpenMetadataClient, 'tests'>,
  recorder: Pick<PartRecorder, 'note'>,
  signal: AbortSignal
): Promise<boolean> {
  try {
    return await tests.storesSampleData({ signal });
  } catch (error) {
    if (error instanceof AuthenticationError) {
      recorder.note(
        `No failed rows are kept: the profiler settings of OpenMetadata can't be read. ${error.describe()}`
      );
      return false;
    }
    if (error instanceof PermanentError) return true;
    throw error;
  }
}
