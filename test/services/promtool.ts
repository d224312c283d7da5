/**
 * promtool, Prometheus's own checker of rules: the one on PATH, else out of Debian's package, which is unpacked and not
 * installed.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from './python-venv.js';

const run = promisify(execFile);

/**
 * The path of the program.
 *
 * @throws Error with what to install when there is none and none can be had
 */
export async function findPromtool(): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter))
    if (existsSync(path.join(folder, 'promtool'))) return path.join(folder, 'promtool');
  const folder = path.join(CACHE, 'prometheus');
  const program = path.join(folder, 'usr/bin/promtool');
  if (existsSync(program)) return program;
  await mkdir(CACHE, { recursive: true });
  const cwd = mkdtempSync(path.join(CACHE, 'prometheus-'));
  try {
    await run('apt-get', ['download', 'prometheus'], { cwd });
    const [archive = ''] = readdirSync(cwd);
    await run('dpkg-deb', ['-x', archive, '.'], { cwd });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `promtool is missing, and can't be had from apt: ${reason}\nInstall it by: apt-get install prometheus`,
      {
        cause: error,
      }
    );
  }
  // Another process may have been quicker.
  if (!existsSync(program)) renameSync(cwd, folder);
  return program;
}
