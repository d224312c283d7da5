// Installs what the tests need besides npm packages: MariaDB, PostgreSQL and Chromium from Debian's packages, when it
// may, and the Temporal server, whose download must not count in a test's time-out. What can't be installed is named
// with the command that would. Without Temporal there is nothing to test; without another part, the tests that need it
// are skipped, with CI=true it is a failure.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const PARTS = [
  { name: 'MariaDB', programs: ['mariadbd', 'mysqld'], packages: ['mariadb-server'] },
  { name: 'PostgreSQL', programs: ['initdb', 'pg_ctlcluster'], packages: ['postgresql'] },
  { name: 'Chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'], packages: ['chromium'] },
];
/** Where servers are on Debian; root has it on PATH, others have not. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/sbin'];

const missing = PARTS.filter((part) => !part.programs.some(isThere));
if (missing.length > 0 && mayInstall()) aptInstall(missing);

let lacking = false;
for (const part of missing.filter((each) => !each.programs.some(isThere))) {
  lacking = true;
  console.error(
    `${part.name} is missing: ${part.programs.join(' or ')} is not there. ` +
      `Install it by: sudo apt-get install -y --no-install-recommends ${part.packages.join(' ')}`
  );
}
if (!(await temporalIsThere())) process.exit(1);
if (lacking && process.env.CI === 'true') process.exit(1);
if (lacking) console.error('Tests that need it are skipped (with CI=true this is a failure).');

/** Runs after the build: it is the project's own way to find or download one. */
async function temporalIsThere() {
  const { findTemporal } = await import('../dist/src/client/temporal-server/index.js');
  try {
    await findTemporal({ say: (line) => console.error(line) });
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
}

function isThere(program) {
  return [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function mayInstall() {
  return process.getuid?.() === 0 && isThere('apt-get');
}

function aptInstall(parts) {
  const packages = parts.flatMap((part) => part.packages);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  console.error(`installing ${parts.map((part) => part.name).join(' and ')}: apt-get ${install.join(' ')}`);
  spawnSync('apt-get', ['update', '-q'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  spawnSync('apt-get', ['-q', ...install], { stdio: ['ignore', 'ignore', 'inherit'], env });
}
