/**
 * Measures usageWorkflow end to end: a generated CSV query log, a Temporal server, a worker process and the local catalog in a process of its
 * own.
 *
 *   node dist/bench/usage.js [--queries N ...] [--tables N] [--texts N] [--days N] [--json]
 *
 * Without --queries 10,000 and then 1,000,000, each with a worker and a catalog of its own. Seconds are those of the run, from its start to
 * its end, the catalog's work included; memory is the worker's peak, parser threads included. The log has no costs.
 */
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { OpenMetadataClient } from '../src/openmetadata/index.js';
import { runCli, startCli } from '../test/services/cli.js';
import { startTemporal } from '../test/services/temporal.js';
import { startCatalogProcess } from './catalog-process.js';
import { peakRss } from './peak-rss.js';

interface Size {
  readonly queries: number;
  readonly tables: number;
  readonly texts: number;
  readonly days: number;
}

const SERVICE = 'bench';
const DAY_MS = 24 * 3_600_000;
const USERS = 50;

const report = z.object({
  state: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(z.object({ name: z.string(), requests: z.number() })),
});

async function fillCatalog(hostPort: string, token: string, { tables }: Size): Promise<void> {
  const client = new OpenMetadataClient({
    hostPort,
    token: () => Promise.resolve(token),
    verifySSL: 'no-ssl',
    userAgent: 'bench',
  });
  await client.services.create({ name: SERVICE, serviceType: 'Mysql' });
  await client.databases.bulkPut([{ name: 'default', service: SERVICE }]);
  await client.schemas.bulkPut([{ name: 'shop', database: `${SERVICE}.default` }]);
  const columns = ['id', 'customer', 'amount', 'day'].map((name) => ({ name, dataType: 'INT' as const }));
  for (let from = 0; from < tables; from += 100) {
    const names = Array.from({ length: Math.min(100, tables - from) }, (_, n) => `t${from + n}`);
    await client.tables.bulkPut(names.map((name) => ({ name, databaseSchema: `${SERVICE}.default.shop`, columns })));
  }
  await client.close();
}

/** Texts in turn, so that a log of any length has all of them; each with literals of its own. */
async function writeLog(file: string, { queries, tables, texts, days }: Size): Promise<void> {
  const out = createWriteStream(file);
  out.write('query_text,database_name,schema_name,user_name,start_time,duration\n');
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  for (let n = 0; n < queries; n += 1) {
    const text = (n * 7919) % texts;
    const [one, other] = [text % tables, (text * 31 + 7) % tables];
    const sql = `SELECT a.id, a.amount AS amount_${text}, b.day FROM t${one} a JOIN t${other} b ON a.id = b.customer WHERE a.amount > ${n} AND b.day < ${n % 366}`;
    const at = new Date(today - days * DAY_MS + Math.floor((n * days * DAY_MS) / queries)).toISOString();
    const line = `"${sql}",default,shop,user${n % USERS},${at.slice(0, 19).replace('T', ' ')},${n % 1000}\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

const RECIPE = `source:
  type: query-log-usage
  serviceName: ${SERVICE}
  sourceConfig:
    config: {type: DatabaseUsage, queryLogFilePath: '\${BENCH_LOG}'}
processor: {type: query-parser, config: {}}
stage: {type: table-usage, config: {filename: /tmp/bench_usage}}
bulkSink: {type: metadata-usage, config: {filename: /tmp/bench_usage}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: '\${OM_HOST_PORT}'
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
`;

async function measure(address: string, size: Size): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), 'om-bench-usage-'));
  const catalog = await startCatalogProcess(join(folder, 'catalog.db'));
  const log = join(folder, 'queries.csv');
  await fillCatalog(`${catalog.url}/api`, catalog.token, size);
  await writeLog(log, size);
  mkdirSync(join(folder, 'recipes'));
  writeFileSync(join(folder, 'recipes', 'bench.yaml'), RECIPE);
  const env = {
    TEMPORAL_ADDRESS: address,
    OM_INGEST_TASK_QUEUE: `bench-usage-${size.queries}`,
    OM_INGEST_RECIPES: join(folder, 'recipes'),
    OM_INGEST_STAGING: join(folder, 'staging'),
    OM_HOST_PORT: `${catalog.url}/api`,
    OM_JWT_TOKEN: catalog.token,
    BENCH_LOG: log,
  };
  const worker = startCli(['worker'], { env, cwd: folder });
  try {
    await worker.until('worker is ready');
    const args = ['run', 'bench.yaml', '--id', `bench-usage-${size.queries}`, '--json'];
    const { stdout, stderr } = await runCli(args, { env, cwd: folder });
    if (stdout === '') throw new Error(`the run failed: ${stderr}`);
    const { startedAt, finishedAt, steps, state } = report.parse(JSON.parse(stdout));
    if (state !== 'success') throw new Error(`the run ended as ${state}: ${stdout}`);
    const seconds = (finishedAt - startedAt) / 1000;
    return {
      queries: size.queries,
      seconds: Math.round(seconds * 10) / 10,
      queriesPerSecond: Math.round(size.queries / seconds),
      requests: steps.reduce((sum, step) => sum + step.requests, 0),
      peakRssMiB: peakRss(worker.child.pid ?? 0),
      state,
    };
  } finally {
    worker.child.kill('SIGTERM');
    await worker.ended;
    catalog.process.child.kill('SIGTERM');
    await catalog.process.ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    queries: { type: 'string', multiple: true, default: ['10000', '1000000'] },
    tables: { type: 'string', default: '2000' },
    texts: { type: 'string', default: '20000' },
    days: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
  },
});

const temporal = await startTemporal();
try {
  for (const queries of values.queries) {
    const sizes = { tables: Number(values.tables), texts: Number(values.texts), days: Number(values.days) };
    const measured = await measure(temporal.address, { queries: Number(queries), ...sizes });
    const text = Object.entries(measured).map(([name, value]) => `${name} ${value}`);
    process.stdout.write(`${values.json ? JSON.stringify(measured) : text.join(', ')}\n`);
  }
} finally {
  await temporal.stop();
}
