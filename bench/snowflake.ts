/**
 * What reading a schema costs as it grows: statements and memory at 200 and at 5,000 tables, on the emulator. `npm run
 * bench:snowflake` prints a line for each; `-- --filled PORT` takes an emulator that has its tables already.
 *
 * Memory is told in two ways. What the connector has in use, after a collection every hundred tables, shows whether
 * anything is kept. The peak of resident memory is that of a worker's process over a whole run, which reads, stages,
 * publishes and looks for what is gone: it holds garbage as well, differs from run to run, and so is measured five
 * times.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { snowflakeConnectionConfig } from '../src/sources/snowflake/config.js';
import { openSnowflakeMetadata } from '../src/sources/snowflake/metadata.js';
import { startFakesnow, type Fakesnow } from '../test/services/fakesnow.js';
import { measureWorkers, type WorkerRun } from './snowflake/worker-memory.js';
import { ALL_OPTIONS, EVERYTHING } from '../test/conformance/everything.js';

const FEW = 200;
const MANY = 5_000;
const COLUMNS = 12;
const RUNS = 5;
const MEGABYTE = 1024 * 1024;
/** Tables between two collections. */
const COLLECT_EVERY = 100;

const measurement = z.object({
  tables: z.number(),
  statements: z.number(),
  seconds: z.number(),
  /** Megabytes of JavaScript objects at most, each time after a collection. */
  peakLive: z.number(),
});
type Measurement = z.infer<typeof measurement>;

/** Reads a schema in this process, which must be run with `--expose-gc`. */
async function measure(port: number, schema: string): Promise<Measurement> {
  let statements = 0;
  const config = snowflakeConnectionConfig.parse({
    username: 'fake',
    password: 'snow',
    account: 'fakesnow',
    warehouse: 'COMPUTE_WH',
    connectionArguments: { host: '127.0.0.1', port, protocol: 'http' },
  });
  const source = await openSnowflakeMetadata(config, {
    runTag: 'bench',
    signal: new AbortController().signal,
    onStatement: () => (statements += 1),
    onWarning: (message) => process.stderr.write(`${message}\n`),
  });
  statements = 0;
  let peakLive = 0;
  const started = performance.now();
  let tables = 0;
  for await (const record of source.read({ database: 'BENCH', schema }, EVERYTHING, ALL_OPTIONS)) {
    if (record.kind === 'table') tables += 1;
    if (tables % COLLECT_EVERY !== 0) continue;
    globalThis.gc?.();
    peakLive = Math.max(peakLive, process.memoryUsage().heapUsed);
  }
  const seconds = (performance.now() - started) / 1000;
  await source.close();
  return { tables, statements, seconds, peakLive: peakLive / MEGABYTE };
}

async function generate(fakesnow: Fakesnow, schema: string, tables: number): Promise<void> {
  await fakesnow.execute(`CREATE SCHEMA BENCH.${schema}`);
  const columns = Array.from(
    { length: COLUMNS - 1 },
    (_, index) => `C${index} VARCHAR(${index + 10}) COMMENT 'Column ${index}'`
  );
  for (let index = 0; index < tables; index += 1) {
    const name = `TABLE_${String(index).padStart(5, '0')}`;
    await fakesnow.execute(
      `CREATE TABLE BENCH.${schema}.${name} (ID NUMBER(38,0) NOT NULL PRIMARY KEY, ${columns.join(', ')}) COMMENT = 'Table ${index}'`
    );
  }
}

async function measureApart(port: number, schema: string): Promise<Measurement> {
  const script = ['--expose-gc', fileURLToPath(import.meta.url), '--read', String(port), schema];
  const { stdout } = await promisify(execFile)(process.execPath, script);
  return measurement.parse(JSON.parse(stdout));
}

async function fill(): Promise<Fakesnow> {
  const fakesnow = await startFakesnow();
  await fakesnow.execute('CREATE DATABASE BENCH');
  await fakesnow.seed();
  await generate(fakesnow, 'SMALL', FEW);
  await generate(fakesnow, 'LARGE', MANY);
  return fakesnow;
}

async function bench(port: number): Promise<void> {
  const few = await measureApart(port, 'SMALL');
  const many = await measureApart(port, 'LARGE');
  for (const { tables, statements, seconds, peakLive } of [few, many])
    say(
      `${tables} tables read: ${statements} statements, ${seconds.toFixed(1)} s, ${peakLive.toFixed(1)} MB in use at most`
    );
  say(`in use × ${(many.peakLive / few.peakLive).toFixed(2)}`);
  const ratios: number[] = [];
  let small: WorkerRun | undefined;
  for await (const run of measureWorkers(port, Array.from({ length: RUNS }, () => ['SMALL', 'LARGE']).flat())) {
    say(
      `${run.tables} tables, whole run: ${run.statements} statements, ${run.seconds.toFixed(1)} s, worker's peak RSS ${run.peakRss} MiB`
    );
    if (run.tables === MANY && small !== undefined) ratios.push(run.peakRss / small.peakRss);
    else small = run;
  }
  const sorted = [...ratios].sort((left, right) => left - right);
  say(
    `worker's peak RSS × ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; middle × ${(sorted[Math.floor(RUNS / 2)] ?? 0).toFixed(2)}`
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [mode, port, schema] = process.argv.slice(2);
if (mode === '--read') process.stdout.write(JSON.stringify(await measure(Number(port), schema ?? '')));
else if (mode === '--filled') await bench(Number(port));
else {
  const fakesnow = await fill();
  try {
    await bench(fakesnow.port);
  } finally {
    await fakesnow.stop();
  }
}
