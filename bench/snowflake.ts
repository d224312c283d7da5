/**
 * What reading a schema costs as it grows: statements and memory at 200 and at 5,000 tables, on the emulator.
 * `node dist/bench/snowflake.js` prints a table; each measurement runs in a process of its own.
 * Held: memory at 5,000 tables ≤ 1.25 × that at 200; at most one statement per 100 objects.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Selection } from '../src/sources/index.js';
import { openSnowflakeMetadata, snowflakeConnectionConfig } from '../src/sources/snowflake/index.js';
import { startFakesnow, type Fakesnow } from '../test/services/fakesnow.js';

const SIZES = [200, 5_000];
const COLUMNS = 12;
const SAMPLE_EVERY = 20;
const MEGABYTE = 1024 * 1024;

const measurement = z.object({
  tables: z.number(),
  statements: z.number(),
  seconds: z.number(),
  /** Megabytes. */
  peakRss: z.number(),
  /** Before the first connection, the driver loaded. */
  idleRss: z.number(),
});
type Measurement = z.infer<typeof measurement>;

const everything: Selection = {
  database: () => undefined,
  schema: () => undefined,
  table: () => undefined,
  procedure: () => undefined,
};

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
  const opening = statements;
  const idleRss = process.memoryUsage.rss();
  let peakRss = idleRss;
  const sampler = setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), SAMPLE_EVERY);
  const started = performance.now();
  let tables = 0;
  const options = {
    includeTables: true,
    includeViews: true,
    includeStoredProcedures: true,
    includeDDL: false,
    includeTags: true,
  };
  for await (const record of source.read({ database: 'BENCH', schema }, everything, options)) {
    if (record.kind === 'table') tables += 1;
  }
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampler);
  await source.close();
  return {
    tables,
    statements: statements - opening,
    seconds,
    peakRss: peakRss / MEGABYTE,
    idleRss: idleRss / MEGABYTE,
  };
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

async function main(): Promise<void> {
  const fakesnow = await startFakesnow();
  const results: Measurement[] = [];
  try {
    await fakesnow.seed();
    await fakesnow.execute('CREATE DATABASE BENCH');
    for (const size of SIZES) {
      await generate(fakesnow, `S${size}`, size);
      const { stdout } = await promisify(execFile)(process.execPath, [
        fileURLToPath(import.meta.url),
        String(fakesnow.port),
        `S${size}`,
      ]);
      results.push(measurement.parse(JSON.parse(stdout)));
    }
  } finally {
    await fakesnow.stop();
  }
  for (const { tables, statements, seconds, peakRss, idleRss } of results) {
    process.stdout.write(
      `${tables} tables: ${statements} statements (one per ${Math.floor(tables / statements)} tables), ${seconds.toFixed(1)} s, ` +
        `RSS ${peakRss.toFixed(0)} MB at most (${idleRss.toFixed(0)} MB before the first statement)\n`
    );
  }
  const [small, large] = results;
  if (small === undefined || large === undefined) return;
  process.stdout.write(
    `memory: ${(large.peakRss / small.peakRss).toFixed(2)} × for ${large.tables / small.tables} × the tables\n`
  );
}

const [port, schema] = process.argv.slice(2);
if (port === undefined || schema === undefined) await main();
else process.stdout.write(JSON.stringify(await measure(Number(port), schema)));
