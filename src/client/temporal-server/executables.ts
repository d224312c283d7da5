import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** First file called `name` on the path list that this user may execute. */
export function findOnPath(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Whether the file exists, is a regular file and may be executed by this user. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Asks a `temporal` executable for its version, such as `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`. @returns
 * undefined when it doesn't run here or isn't Temporal's CLI with a server inside
 */
export async function temporalVersion(executable: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(executable, ['--version'], { timeout: 10_000 });
    const line = stdout.trim().split('\n')[0] ?? '';
    return /^temporal version .*Server/.test(line) ? line : undefined;
  } catch {
    return undefined;
  }
}
