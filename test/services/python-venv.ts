/** Python packages that test servers are made of, in virtual environments that all runs on this machine share. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

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
  await mkdir(CACHE, { recursive: true });
  const lock = `${folder}.lock`;
  for (const until = Date.now() + INSTALL_TIMEOUT; !existsSync(ready);) {
    if (await claim(lock)) {
      try {
        if (!existsSync(ready)) await installInto(folder, requirements, ready);
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
    } else if (Date.now() > until)
      throw new Error(`Another process holds ${lock} for too long: remove it if none is installing ${name}.`);
    else await sleep(500);
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

/** True when this process now holds the lock; one left behind by a process that died is taken over. */
async function claim(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const age = Date.now() - ((await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > INSTALL_TIMEOUT) await rm(lock, { recursive: true, force: true });
    return false;
  }
}
