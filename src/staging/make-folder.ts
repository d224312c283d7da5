import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './folder-errors.js';

/**
 * Makes a folder and those above it. Node's own `recursive` says ENOENT of a read-only file system; this gives what the
 * system said.
 */
export async function makeFolder(folder: string): Promise<void> {
  const above = path.dirname(folder);
  const make = (): Promise<void> =>
    mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  await make().catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await make();
  });
}
