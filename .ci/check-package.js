// Checks the package as npm would publish it: publint (what package.json says is there and right) and attw (its types
// resolve for ES modules).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'om-package-'));
try {
  // built already
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const file = join(folder, readdirSync(folder)[0] ?? '');
  run('npx', ['--no-install', 'publint', 'run', file, '--strict']);
  run('npx', ['--no-install', 'attw', file, '--profile', 'esm-only']);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command, args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
