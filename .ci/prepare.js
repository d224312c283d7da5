// Makes a clone ready to run: the locked packages, then the build; each only when it is missing or stale.
// Runs before there are any packages, so it uses Node alone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const BUILT = 'dist/.built';
const SOURCES = ['src', 'test', 'bench', 'tsconfig.json', 'package-lock.json'];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: 20.19 or newer is needed (https://nodejs.org).`);
  process.exit(1);
}
if (!packagesAreCurrent()) {
  run('installing the locked packages', 'npm', ['ci', '--no-audit', '--no-fund']);
}
if (!buildIsCurrent()) {
  const startedAt = new Date();
  removeOrphans('dist');
  run('building', 'npm', ['run', '--silent', 'build']);
  writeFileSync(BUILT, startedAt.toISOString());
}

/** Whether node_modules holds what package-lock.json says; what npm left out for another platform counts as there. */
function packagesAreCurrent() {
  const installedFile = 'node_modules/.package-lock.json';
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (installed[path] === undefined ? entry.optional === true : installed[path].version === entry.version)
  );
}

function buildIsCurrent() {
  if (!existsSync(BUILT)) return false;
  const builtAt = Date.parse(readFileSync(BUILT, 'utf8'));
  return SOURCES.filter((path) => existsSync(path)).every((path) => newestIn(path) < builtAt);
}

/** Removes what was compiled from files that are gone: a deleted test would go on being run. */
function removeOrphans(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const [source] = join(entry.parentPath ?? entry.path, entry.name).split(/\.(?:js|d\.ts)(?:\.map)?$/);
    const compiled = /\.(?:js|d\.ts)(?:\.map)?$/.test(entry.name) && !entry.name.startsWith('workflow-bundle');
    if (entry.isFile() && compiled && !existsSync(`${relative('dist', source)}.ts`)) {
      rmSync(join(entry.parentPath ?? entry.path, entry.name));
    }
  }
}

/** Time of the newest change below a path, folders included: a deleted file changes its folder. */
function newestIn(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

function run(what, command, args) {
  const startedAt = Date.now();
  console.error(`${what}: ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`${what} failed (exit code ${status}).`);
    process.exit(1);
  }
  console.error(`${what}: done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}
