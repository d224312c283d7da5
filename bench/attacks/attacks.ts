/**
 * `npm run bench:attacks [-- --json] [--only NAME]`: sends recipes that try to read what is not to be read, or to stop
 * a worker, to one worker process, while runs of a harmless recipe go on there. For each attack: how it ended, the
 * harmless runs meanwhile with the slowest of them, the delay of the worker's event loop. Then all of them at once, and
 * SIGTERM: the worker must end within its grace. Ends with 1 when a harmless run failed, an attack never ended, or the
 * worker took longer.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import Database from 'libsql';
import { z } from 'zod';
import { startTemporal } from '../../test/services/temporal.js';
import { startWorkerProcess } from '../../test/services/worker-process.js';
import { startCatalogProcess } from '../catalog-process.js';
import { peakRss } from '../peak-rss.js';
import { measuredLoop, readLoopDelay } from '../read-loop-delay.js';
import { attacks, type Attack } from './attack-recipes.js';
import { startEndlessPostgres, startNestedCatalog, startTalkativeCatalog } from './hostile-servers.js';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } });
const QUEUE = 'attacked';
const GRACE_MS = 5_000;
/** An attack that has not ended by then never does. */
const LONGEST_MS = 60_000;
const NEVER = 'never ended';
/** Beyond the grace: the process's end. */
const MARGIN_MS = 1_500;

const folder = mkdtempSync(join(tmpdir(), 'om-bench-attacks-'));
const recipes = join(folder, 'recipes');
mkdirSync(recipes);
const database = join(recipes, 'shop.db');
fill(database);
const pipe = join(recipes, 'pipe');
execFileSync('mkfifo', [pipe]);
const temporal = await startTemporal();
const catalog = await startCatalogProcess(join(folder, 'catalog.db'));
const talkative = await startTalkativeCatalog();
const nested = await startNestedCatalog();
const endlessRow = await startEndlessPostgres('one row');
const endlessRows = await startEndlessPostgres('rows');
const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
const hostPort = `${catalog.url.replace(/\/$/, '').replace(/\/api$/, '')}/api`;
const all = attacks({
  database,
  pipe,
  catalog: hostPort,
  talkativeCatalogPort: talkative.port,
  nestedCatalogPort: nested.port,
  endlessRowPort: endlessRow.port,
  endlessRowsPort: endlessRows.port,
});
writeFileSync(join(recipes, 'harmless.json'), harmless(all));
const delayFile = join(folder, 'delay.json');
const worker = await startWorkerProcess({
  TEMPORAL_ADDRESS: temporal.address,
  OM_INGEST_TASK_QUEUE: QUEUE,
  OM_INGEST_RECIPES: recipes,
  OM_INGEST_STAGING: join(folder, 'staging'),
  OM_INGEST_SHUTDOWN_GRACE_MS: String(GRACE_MS),
  OM_JWT_TOKEN: catalog.token,
  ...measuredLoop(delayFile),
});
let started = 0;
let wrong = false;
try {
  await runHarmless();
  await readLoopDelay(worker.pid, delayFile);
  for (const attack of all) if (values.only === undefined || attack.name === values.only) await measure(attack);
  const handles = await Promise.all(all.map(start));
  await sleep(1_000);
  const asked = performance.now();
  const code = await worker.terminate();
  const tookMs = Math.round(performance.now() - asked);
  if (tookMs > GRACE_MS + MARGIN_MS) wrong = true;
  tell({ name: 'all at once, then SIGTERM', code, tookMs, graceMs: GRACE_MS });
  await Promise.all(handles.map((handle) => handle.terminate().catch(() => undefined)));
} finally {
  await worker.kill();
  await client.connection.close();
  for (const server of [talkative, nested, endlessRow, endlessRows]) server.close();
  catalog.process.child.kill('SIGTERM');
  await catalog.process.ended;
  await temporal.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = wrong ? 1 : 0;

/** One attack, harmless runs one after the other beside it. */
async function measure(attack: Attack): Promise<void> {
  const handle = await start(attack);
  let over = false;
  const ended = endOf(handle).finally(() => (over = true));
  const seconds: number[] = [];
  do {
    seconds.push(await runHarmless());
  } while (!over);
  const outcome = await ended;
  const { p99, max } = await readLoopDelay(worker.pid, delayFile);
  if (outcome.startsWith(NEVER)) wrong = true;
  tell({
    name: attack.name,
    outcome,
    harmlessRuns: seconds.length,
    slowestSeconds: Math.max(...seconds),
    loopDelayP99Ms: p99,
    loopDelayMaxMs: max,
    peakRssMiB: peakRss(worker.pid),
  });
}

async function start({ workflow, recipeYaml }: Attack): Promise<WorkflowHandle> {
  started += 1;
  return client.workflow.start(workflow, {
    taskQueue: QUEUE,
    workflowId: `attack-${started}`,
    args: [{ recipeYaml }],
  });
}

async function endOf(handle: WorkflowHandle): Promise<string> {
  const result = handle.result().then(
    (report) => `ended: ${z.object({ state: z.string() }).parse(report).state}`,
    (error: unknown) => `refused: ${deepest(error)}`
  );
  const late = sleep(LONGEST_MS, NEVER, { ref: false });
  const outcome = await Promise.race([result, late]);
  if (outcome !== NEVER) return outcome;
  const why = await pendingOf(handle);
  await handle.terminate();
  return `${NEVER}: ${why}`;
}

/** What it waits for. */
async function pendingOf(handle: WorkflowHandle): Promise<string> {
  const { raw } = await handle.describe();
  const pending = (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => {
    const failure = lastFailure?.message?.slice(0, 300) ?? 'no failure yet';
    return `${activityType?.name ?? '?'}, attempt ${attempt ?? 0}, ${failure}`;
  });
  return pending.join('; ');
}

/** Seconds. */
async function runHarmless(): Promise<number> {
  started += 1;
  const before = performance.now();
  const workflowId = `harmless-${started}`;
  const args = [{ recipePath: 'harmless.json' }];
  const report: unknown = await client.workflow.execute('metadataWorkflow', { taskQueue: QUEUE, workflowId, args });
  const { state } = z.object({ state: z.string() }).parse(report);
  if (state !== 'success') {
    wrong = true;
    process.stderr.write(`A harmless run ended as ${state}.\n`);
  }
  return Math.round((performance.now() - before) / 10) / 100;
}

function deepest(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? deepest(error.cause) : error.message.slice(0, 100);
}

function tell(line: Readonly<Record<string, string | number | null>>): void {
  const { name, ...rest } = line;
  const parts = Object.entries(rest).map(([key, value]) => `${key} ${value}`);
  process.stdout.write(values.json ? `${JSON.stringify(line)}\n` : `${name}: ${parts.join(', ')}\n`);
}

/** 200 tables, some with names on which patterns fail late. */
function fill(file: string): void {
  const database = new Database(file);
  for (let n = 0; n < 200; n += 1)
    database.exec(`CREATE TABLE ${'a'.repeat(5 + (n % 40))}_${n} (id INTEGER, name TEXT)`);
  database.exec(`CREATE TABLE ${'a'.repeat(40)} (id INTEGER)`);
  database.close();
}

/** The recipe of the SQLite attacks without what is bad in it. */
function harmless([, , , database]: readonly Attack[]): string {
  const text = database?.recipeYaml ?? '';
  return text
    .replace('"attacked"', '"harmless"')
    .replace(JSON.stringify(pipe), JSON.stringify(join(recipes, 'shop.db')));
}
