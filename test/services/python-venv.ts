/** Python packages that test servers are made of, in virtual environments that all runs on this machine share. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { lock } from '../../src/local-catalog/index.js';

/** What tests install outlives them here. */
export const CACHE = path.join(homedir(), '.cache', 'openmetadata-temporal-ingestion');
/** Installing takes a quarter of a minute with a warm package cache, Airflow a minute; another process may be at it. */
const INSTALL_TIMEOUT = 600_000;

/**
 * A virtual environment for exactly these requirements, made once.
 * @param requirements a requirements.txt
 * @returns its folder of programs: `python` and what the packages bring
 */
export async function pythonVenv(name: string, requirements: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(CACHE, `${name}-${hash}`);
  const ready = path.join(folder, 'ready');
  if (!existsSync(ready)) {
    // a holder that dies gives it up
    const held = await lock(`${folder}.installing`, { signal: AbortSignal.timeout(INSTALL_TIMEOUT) });
    try {
      if (!existsSync(ready)) await installInto(folder, requirements, ready);
    } finally {
      held.release();
    }
  }
  return path.join(folder, 'bin');
}

async function installInto(folder: string, requirements: string, ready: string): Promise<void> {
  const run = promisify(execFile);
  const limit = { timeout: INSTALL_TIMEOUT };
  await run('python3', ['-m', 'venv', '--clear', folder], limit);
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await run(path.join(folder, 'bin', 'python'), pip, limit);
  await writeFile(ready, '');
}
