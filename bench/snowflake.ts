/**
 * What reading a schema costs as it grows: statements and memory at 200 and at 5,000 tables, on the emulator.
 * `node dist/bench/snowflake.js` prints a line for each; each measurement runs in a process of its own.
 *
 * Memory is told three ways. What is in use after a collection shows whether anything is kept: it must not grow. RSS also holds garbage that V8
 * has not collected yet, which grows with the work done by a fresh process whatever it keeps; so 5,000 tables in one schema are compared
 * with 200 tables read 25 times (the same work), and with 200 tables read once.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Selection } from '../src/sources/index.js';
import { openSnowflakeMetadata, snowflakeConnectionConfig } from '../src/sources/snowflake/index.js';
import { startFakesnow, type Fakesnow } from '../test/services/fakesnow.js';

const FEW = 200;
const MANY = 5_000;
const COLUMNS = 12;
const SAMPLE_EVERY = 20;
const MEGABYTE = 1024 * 1024;
/** Tables between two collections. */
const COLLECT_EVERY = 100;
const OPTIONS = {
  includeTables: true,
  includeViews: true,
  includeStoredProcedures: true,
  includeDDL: false,
  includeTags: true,
};

const measurement = z.object({
  tables: z.number(),
  statements: z.number(),
  seconds: z.number(),
  /** Megabytes at most, with V8's default limits. */
  peakRss: z.number(),
  /** Megabytes of JavaScript objects at most, each time after a collection; 0 when not asked for. */
  peakLive: z.number(),
});
type Measurement = z.infer<typeof measurement>;

const everything: Selection = {
  database: () => undefined,
  schema: () => undefined,
  table: () => undefined,
  procedure: () => undefined,
};

/** Reads a schema `rounds` times. With `--expose-gc` it collects every hundred tables and tells what is in use then. */
async function measure(port: number, schema: string, rounds: number): Promise<Measurement> {
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
  let peakRss = 0;
  let peakLive = 0;
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), SAMPLE_EVERY);
  const started = performance.now();
  let tables = 0;
  for (let round = 0; round < rounds; round += 1) {
    for await (const record of source.read({ database: 'BENCH', schema }, everything, OPTIONS)) {
      if (record.kind === 'table') tables += 1;
      if (tables % COLLECT_EVERY !== 0 || globalThis.gc === undefined) continue;
      globalThis.gc();
      peakLive = Math.max(peakLive, process.memoryUsage().heapUsed);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampler);
  await source.close();
  return { tables, statements, seconds, peakRss: peakRss / MEGABYTE, peakLive: peakLive / MEGABYTE };
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

async function measureApart(port: number, schema: string, rounds: number): Promise<Measurement> {
  const run = async (...flags: string[]): Promise<Measurement> => {
    const script = [...flags, fileURLToPath(import.meta.url), String(port), schema, String(rounds)];
    const { stdout } = await promisify(execFile)(process.execPath, script);
    return measurement.parse(JSON.parse(stdout));
  };
  const plain = await run();
  return { ...plain, peakLive: (await run('--expose-gc')).peakLive };
}

async function main(): Promise<void> {
  const fakesnow = await startFakesnow();
  try {
    await fakesnow.execute('CREATE DATABASE BENCH');
    await fakesnow.seed();
    await generate(fakesnow, 'SMALL', FEW);
    await generate(fakesnow, 'LARGE', MANY);
    const once = await measureApart(fakesnow.port, 'SMALL', 1);
    const often = await measureApart(fakesnow.port, 'SMALL', MANY / FEW);
    const large = await measureApart(fakesnow.port, 'LARGE', 1);
    print(`${FEW} tables`, once);
    print(`${FEW} tables ${MANY / FEW} times`, often);
    print(`${MANY} tables`, large);
    const ratio = (left: number, right: number): string => (left / right).toFixed(2);
    process.stdout.write(
      `${MANY} tables against ${FEW}: in use × ${ratio(large.peakLive, once.peakLive)}; ` +
        `RSS × ${ratio(large.peakRss, often.peakRss)} for the same work, × ${ratio(large.peakRss, once.peakRss)} for ${MANY / FEW} times the work\n`
    );
  } finally {
    await fakesnow.stop();
  }
}

function print(what: string, { tables, statements, seconds, peakRss, peakLive }: Measurement): void {
  process.stdout.write(
    `${what}: ${statements} statements (one per ${Math.floor(tables / statements)} tables), ${seconds.toFixed(1)} s, ` +
      `${peakLive.toFixed(1)} MB in use, RSS ${peakRss.toFixed(0)} MB\n`
  );
}

const [port, schema, rounds] = process.argv.slice(2);
if (port === undefined || schema === undefined) await main();
else process.stdout.write(JSON.stringify(await measure(Number(port), schema, Number(rounds ?? 1))));
