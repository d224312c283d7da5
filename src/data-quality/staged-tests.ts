import { PermanentError } from '../errors/index.js';
import type { SliceAddress, StagingStore } from '../staging/index.js';
import { testsLine, type TestsLine } from './staged-lines.js';

/** The tests of one unit: those in the chunk with its number. */
export async function stagedTests(store: StagingStore, slice: SliceAddress, unit: number): Promise<TestsLine> {
  const entry = (await store.manifest(slice, unit))[0];
  if (entry !== undefined) for (const line of await store.read(entry)) return testsLine.parse(line);
  throw new PermanentError(`The staged tests of unit ${unit} are gone.`, { remedy: 'Start the run again.' });
}
