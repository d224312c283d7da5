import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { NoTemporalServerError } from './no-temporal-server-error.js';

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
 * A loaded machine may take long to start a program of 100 MB; one that never answers must not hold a start for ever.
 */
const VERSION_TIMEOUT_MS = 60_000;

/**
 * Asks a `temporal` executable for its version, such as `temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)`.
 *
 * @param timeoutMs default: a minute
 * @returns undefined when it doesn't run here or isn't Temporal's CLI with a server inside
 * @throws NoTemporalServerError when it does not answer in that time: it may well be the right one, on a machine that
 * is too busy
 */
export async function temporalVersion(executable: string, timeoutMs = VERSION_TIMEOUT_MS): Promise<string | undefined> {
  try {
    const { stdout } = await run(executable, ['--version'], { timeout: timeoutMs, killSignal: 'SIGKILL' });
    const line = stdout.trim().split('\n')[0] ?? '';
    return /^temporal version .*Server/.test(line) ? line : undefined;
  } catch (error) {
    if (!(error instanceof Error && 'killed' in error && error.killed === true)) return undefined;
    throw new NoTemporalServerError(
      `\`${executable} --version\` has not answered within ${timeoutMs / 1000} s. Start again when this machine is less busy; ` +
        'if that program never answers, take it away, or set TEMPORAL_ADDRESS to a server that runs already.'
    );
  }
}
