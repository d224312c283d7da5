// Runs the tests: `run-tests.js [GROUP…]`, all groups by default; `run-tests.js FILE…` runs files, named by their
// source or what was compiled. `--all`: of what is tested by samples, everything (`npm run test:faults -- --all`). A
// folder with tests is a batch, a process of its own that shares its servers among its files; as many batches at once
// as there are cores, three at most. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Those that take longest first, so that nothing long is left for the end. */
const GROUPS = ['unit', 'faults', 'integration', 'workflow'];
const MOST_LANES = 3;
const SLOWEST = 10;
/** A batch that prints no line for so long hangs: it is ended and counts as failed. */
const MOST_SILENCE_MS = 15 * 60_000;
/** What a process of the tests left running may hold on to the output: it is not waited for. */
const LAST_LINES_MS = 5_000;
/**
 * A process whose tests are done and told is not waited for longer: its reporter says what is still open, and ends it,
 * sooner.
 */
const MOST_END_MS = 2 * 60_000;

const words = process.argv.slice(2).filter((word) => word !== '--all');
if (process.argv.includes('--all')) process.env.FAULTS = 'all';
const files = words.filter((word) => !GROUPS.includes(word)).map(compiledFile);
if (files.length > 0) process.exit(await runFiles(files));

const chosen = GROUPS.filter((group) => words.length === 0 || words.includes(group));
const timesFolder = mkdtempSync(join(tmpdir(), 'om-test-times-'));
const results = [];
// while unit tests run, which need neither
const installing = chosen.some((group) => group === 'faults' || group === 'integration') ? installVenvs() : undefined;
// unit tests are many small files: mocha deals them out to all cores itself
if (chosen.includes('unit')) results.push(await runBatch('unit', ['--parallel', 'dist/test/unit/**/*.test.js']));
await installing;
const batches = chosen.filter((group) => group !== 'unit').flatMap((group) => batchesOf(`dist/test/${group}`));
const lanes = Math.min(MOST_LANES, availableParallelism(), batches.length);
await Promise.all(Array.from({ length: lanes }, runLane));
process.exit(summarize());

/** Every folder with tests in it; the ones with most files first. */
function batchesOf(group) {
  const counts = new Map();
  for (const entry of readdirSync(group, { withFileTypes: true, recursive: true })) {
    const folder = entry.parentPath ?? entry.path;
    if (entry.name.endsWith('.test.js')) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].sort(([, left], [, right]) => right - left).map(([folder]) => folder);
}

async function runLane() {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift())
    results.push(await runBatch(batch.replace('dist/test/', ''), [`${batch}/*.test.js`]));
}

/** Every line is shown as it comes, after the name of its batch. */
async function runBatch(name, args) {
  const startedAt = Date.now();
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, OM_TEST_TIMES: join(timesFolder, `${name.replaceAll('/', '-')}.json`) },
  });
  let closing;
  let ending;
  const silence = setTimeout(() => {
    console.log(`${name} | no line for ${MOST_SILENCE_MS / 60_000} minutes: ended`);
    child.kill('SIGKILL');
  }, MOST_SILENCE_MS);
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      silence.refresh();
      const counted = /^(\d+) passed, (\d+) failed$/.exec(line);
      if (counted !== null) {
        closing = { passed: Number(counted[1]), failed: Number(counted[2]) };
        ending ??= setTimeout(() => {
          console.log(`${name} | its process did not end after its tests: ended`);
          child.kill('SIGKILL');
        }, MOST_END_MS);
      }
      console.log(`${name} | ${line}`);
    });
  }
  const code = await new Promise((resolve) => {
    child.once('exit', (status) => setTimeout(resolve, LAST_LINES_MS, status)).once('close', resolve);
  });
  clearTimeout(silence);
  clearTimeout(ending);
  const { passed, failed } = closing ?? { passed: 0, failed: 0 };
  // a process that ended otherwise than by its tests is a failure as well
  return { name, passed, failed: code !== 0 && failed === 0 ? 1 : failed, seconds: (Date.now() - startedAt) / 1000 };
}

/** Servers of the tests that come from PyPI. */
function installVenvs() {
  const child = spawn(process.execPath, ['dist/test/services/install-venvs.js'], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}

function summarize() {
  const times = readdirSync(timesFolder).flatMap((file) =>
    Object.entries(JSON.parse(readFileSync(join(timesFolder, file), 'utf8')))
  );
  rmSync(timesFolder, { recursive: true, force: true });
  const line = (seconds, text) => console.log(`${seconds.toFixed(0).padStart(7)} s  ${text}`);
  console.log('\nThe files that took longest:');
  for (const [file, milliseconds] of times.sort(([, left], [, right]) => right - left).slice(0, SLOWEST))
    line(milliseconds / 1000, file.replace(/^dist\/(.*)\.js$/, '$1.ts'));
  console.log('\nBatches:');
  for (const { name, passed, failed, seconds } of results) line(seconds, `${name}: ${passed} passed, ${failed} failed`);
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
}

function compiledFile(word) {
  if (!/\.test\.[jt]s$/.test(word)) {
    console.error(`${word} is neither a group (${GROUPS.join(', ')}) nor a test file (test/unit/….test.ts).`);
    process.exit(2);
  }
  return word.endsWith('.ts') ? `dist/${word.replace(/\.ts$/, '.js')}` : word;
}

async function runFiles(paths) {
  const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...paths], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
