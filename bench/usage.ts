/**
 * Measures usageWorkflow end to end: a generated query log, a Temporal server, a worker process and the local catalog
 * in a process of its own.
 *
 *   node dist/bench/usage.js [--log csv|general] [--queries N ...] [--tables N] [--texts N] [--days N] [--json]
 *
 * The log is a CSV file, by default of 10,000 and then of 1,000,000 queries, or a copy of MariaDB's general_log, by
 * default of 100,000. Each size has a worker and a catalog of its own. Seconds are those of the run, from its start to
 * its end, the catalog's work included; memory is the worker's peak, parser threads included. The log has no costs.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { OpenMetadataClient } from '../src/openmetadata/index.js';
import { runCli, startCli } from '../test/services/cli.js';
import { startMariadb } from '../test/services/mariadb.js';
import { startTemporal } from '../test/services/temporal.js';
import { startCatalogProcess } from './catalog-process.js';
import { peakRss } from './peak-rss.js';
import { fillGeneralLog, writeCsvLog, type UsageLogSize } from './usage-log.js';

const SERVICE = 'bench';

const report = z.object({
  state: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(z.object({ name: z.string(), requests: z.number() })),
});

async function fillCatalog(hostPort: string, token: string, { tables }: UsageLogSize): Promise<void> {
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

/** A source of a recipe, and what its variables stand for. */
interface LogSource {
  readonly yaml: string;
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

async function csvSource(folder: string, size: UsageLogSize): Promise<LogSource> {
  const log = join(folder, 'queries.csv');
  await writeCsvLog(log, size);
  const yaml = `
  type: query-log-usage
  serviceName: ${SERVICE}
  sourceConfig:
    config: {type: DatabaseUsage, queryLogFilePath: '\${BENCH_LOG}'}`;
  return { yaml, env: { BENCH_LOG: log }, stop: () => Promise.resolve() };
}

async function generalLogSource(_folder: string, size: UsageLogSize): Promise<LogSource> {
  const server = await startMariadb();
  const table = await fillGeneralLog(server, size);
  const yaml = `
  type: mysql-usage
  serviceName: ${SERVICE}
  serviceConnection:
    config: {type: Mysql, username: '\${BENCH_USER}', authType: {password: '\${BENCH_PASSWORD}'}, hostPort: '\${BENCH_SERVER}', queryHistoryTable: ${table}}
  sourceConfig:
    config: {type: DatabaseUsage, queryLogDuration: ${size.days}, resultLimit: 0}`;
  const env = { BENCH_SERVER: server.hostPort, BENCH_USER: server.user, BENCH_PASSWORD: server.password };
  return { yaml, env, stop: () => server.stop() };
}

const LOGS = {
  csv: { open: csvSource, queries: ['10000', '1000000'] },
  general: { open: generalLogSource, queries: ['100000'] },
};

const recipe = ({ yaml }: LogSource): string => `source:${yaml}
processor: {type: query-parser, config: {}}
stage: {type: table-usage, config: {filename: /tmp/bench_usage}}
bulkSink: {type: metadata-usage, config: {filename: /tmp/bench_usage}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: '\${OM_HOST_PORT}'
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
`;

async function measure(
  address: string,
  openLog: typeof csvSource,
  size: UsageLogSize
): Promise<Record<string, string | number>> {
  const folder = mkdtempSync(join(tmpdir(), 'om-bench-usage-'));
  const catalog = await startCatalogProcess(join(folder, 'catalog.db'));
  await fillCatalog(`${catalog.url}/api`, catalog.token, size);
  const log = await openLog(folder, size);
  mkdirSync(join(folder, 'recipes'));
  writeFileSync(join(folder, 'recipes', 'bench.yaml'), recipe(log));
  const env = {
    TEMPORAL_ADDRESS: address,
    OM_INGEST_TASK_QUEUE: `bench-usage-${size.queries}`,
    OM_INGEST_RECIPES: join(folder, 'recipes'),
    OM_INGEST_STAGING: join(folder, 'staging'),
    OM_HOST_PORT: `${catalog.url}/api`,
    OM_JWT_TOKEN: catalog.token,
    ...log.env,
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
    };
  } finally {
    worker.child.kill('SIGTERM');
    await worker.ended;
    catalog.process.child.kill('SIGTERM');
    await catalog.process.ended;
    await log.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    log: { type: 'string', default: 'csv' },
    queries: { type: 'string', multiple: true },
    tables: { type: 'string', default: '2000' },
    texts: { type: 'string', default: '20000' },
    days: { type: 'string', default: '7' },
    json: { type: 'boolean', default: false },
  },
});

const log = values.log === 'csv' || values.log === 'general' ? LOGS[values.log] : undefined;
if (log === undefined) throw new Error(`--log is csv or general, not ${values.log}`);
const temporal = await startTemporal();
try {
  for (const queries of values.queries ?? log.queries) {
    const sizes = { tables: Number(values.tables), texts: Number(values.texts), days: Number(values.days) };
    const measured = await measure(temporal.address, log.open, { queries: Number(queries), ...sizes });
    const text = Object.entries(measured).map(([name, value]) => `${name} ${value}`);
    process.stdout.write(`${values.json ? JSON.stringify(measured) : text.join(', ')}\n`);
  }
} finally {
  await temporal.stop();
}
