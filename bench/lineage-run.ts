/**
 * Measures lineageWorkflow end to end: a generated general_log in a real MariaDB, a Temporal server, a worker process
 * and the local catalog.
 *
 *   node dist/bench/lineage-run.js [--queries N] [--distinct N] [--tables N] [--edges N] [--again] [--json]
 *   node dist/bench/lineage-run.js --memory [--json]      10,000 and 1,000,000 queries, each in a worker of its own
 *
 * Seconds are those of the run, from its start to its end, the catalog's work included. Memory is the worker's peak,
 * parser threads included; the delay is that of the worker's event loop over the run. `--again` runs a second time,
 * over the same log.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startLocalCatalog } from '../src/local-catalog/index.js';
import { OpenMetadataClient } from '../src/openmetadata/index.js';
import { runCli, startCli } from '../test/services/cli.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../test/services/mariadb.js';
import { startTemporal } from '../test/services/temporal.js';
import { GeneratedLog, type LogSize } from './lineage-run-log.js';
import { peakRss } from './peak-rss.js';
import { measuredLoop, readLoopDelay } from './read-loop-delay.js';

interface Measured extends LogSize {
  readonly seconds: number;
  readonly queriesPerSecond: number;
  readonly peakRssMiB: number;
  /** Milliseconds. */
  readonly loopDelayP99: number;
  readonly statements: number;
  readonly requests: number;
  readonly state: string;
}

const report = z.object({
  state: z.string(),
  startedAt: z.number(),
  finishedAt: z.number(),
  steps: z.array(
    z.object({ records: z.number(), unchanged: z.number(), statements: z.number(), requests: z.number() })
  ),
});

const SERVICE = 'bench';

async function fillCatalog(client: OpenMetadataClient, log: GeneratedLog): Promise<void> {
  await client.services.create({ name: SERVICE, serviceType: 'Mysql' });
  await client.databases.bulkPut([{ name: 'default', service: SERVICE }]);
  await client.schemas.bulkPut(log.schemas().map((name) => ({ name, database: `${SERVICE}.default` })));
  const requests = log.tables().map(({ schema, name, columns }) => ({
    name,
    databaseSchema: `${SERVICE}.default.${schema}`,
    columns: columns.map((column) => ({ name: column, dataType: 'INT' as const })),
  }));
  for (let from = 0; from < requests.length; from += 100) await client.tables.bulkPut(requests.slice(from, from + 100));
}

async function fillLog(server: TestMariadb, log: GeneratedLog): Promise<void> {
  await server.run(
    'DROP SCHEMA IF EXISTS bench; CREATE SCHEMA bench; CREATE TABLE bench.history LIKE mysql.general_log'
  );
  for (const batch of log.inserts('bench.history')) await server.run(batch);
}

function recipe(server: TestMariadb, hostPort: string): string {
  return `source:
  type: mysql-lineage
  serviceName: ${SERVICE}
  serviceConnection:
    config:
      type: Mysql
      username: ${server.user}
      authType:
        password: '\${BENCH_PASSWORD}'
      hostPort: ${server.hostPort}
      queryHistoryTable: bench.history
  sourceConfig:
    config:
      type: DatabaseLineage
      resultLimit: 0
      threads: 4
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: ${hostPort}
    authProvider: openmetadata
    securityConfig:
      jwtToken: '\${OM_JWT_TOKEN}'
`;
}

async function measure(server: TestMariadb, address: string, size: LogSize, runs: number): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'om-bench-lineage-'));
  const catalog = await startLocalCatalog({ file: join(folder, 'catalog.db'), port: 0 });
  const client = new OpenMetadataClient({
    hostPort: catalog.hostPort,
    token: () => Promise.resolve(catalog.token),
    verifySSL: 'no-ssl',
    userAgent: 'bench',
  });
  const log = new GeneratedLog(size);
  await fillCatalog(client, log);
  await client.close();
  await fillLog(server, log);
  mkdirSync(join(folder, 'recipes'));
  writeFileSync(join(folder, 'recipes', 'bench.yaml'), recipe(server, catalog.hostPort));
  const env = {
    TEMPORAL_ADDRESS: address,
    OM_INGEST_TASK_QUEUE: `bench-${size.queries}`,
    OM_INGEST_RECIPES: join(folder, 'recipes'),
    OM_INGEST_STAGING: join(folder, 'staging'),
    OM_INGEST_LOG_LEVEL: 'warn',
    OM_JWT_TOKEN: catalog.token,
    BENCH_PASSWORD: server.password,
  };
  const delayFile = join(folder, 'event-loop-delay.json');
  const worker = startCli(['worker'], {
    env: {
      ...env,
      OM_INGEST_LOG_LEVEL: 'info',
      ...measuredLoop(delayFile),
    },
    cwd: folder,
  });
  try {
    await worker.until('worker is ready');
    const pid = worker.child.pid ?? 0;
    const measured: Measured[] = [];
    for (let run = 0; run < runs; run += 1) {
      await readLoopDelay(pid, delayFile);
      const { stdout, stderr } = await runCli(['run', 'bench.yaml', '--id', `bench-${size.queries}-${run}`, '--json'], {
        env,
        cwd: folder,
      });
      if (stdout === '') throw new Error(`the run failed: ${stderr}`);
      const { startedAt, finishedAt, steps, state } = report.parse(JSON.parse(stdout));
      const seconds = (finishedAt - startedAt) / 1000;
      const [source, sink] = steps;
      measured.push({
        ...size,
        edges: (sink?.records ?? 0) + (sink?.unchanged ?? 0),
        seconds: Math.round(seconds * 10) / 10,
        queriesPerSecond: Math.round(size.queries / seconds),
        peakRssMiB: peakRss(pid),
        loopDelayP99: (await readLoopDelay(pid, delayFile)).p99,
        statements: source?.statements ?? 0,
        requests: sink?.requests ?? 0,
        state,
      });
    }
    return measured;
  } finally {
    worker.child.kill('SIGTERM');
    await worker.ended;
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(measured: Measured, isJson: boolean): void {
  const {
    queries,
    distinct,
    edges,
    seconds,
    queriesPerSecond,
    peakRssMiB: rss,
    loopDelayP99: delay,
    statements,
    requests,
    state,
  } = measured;
  process.stdout.write(
    isJson
      ? `${JSON.stringify({ queries, distinct, edges, seconds, queriesPerSecond, peakRssMiB: rss, loopDelayP99: delay, statements, requests })}\n`
      : `${queries} queries (${distinct} distinct), ${edges} edges, ${state}: ${seconds} s, ${queriesPerSecond} queries/s, worker ${rss} MiB at its peak, event loop delay p99 ${delay} ms, ${statements} statements, ${requests} requests\n`
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      queries: { type: 'string', default: '100000' },
      distinct: { type: 'string', default: '20000' },
      tables: { type: 'string', default: '2000' },
      edges: { type: 'string', default: '5000' },
      memory: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (!hasMariadb())
    throw new Error('This bench needs MariaDB: apt-get install -y --no-install-recommends mariadb-server');
  const [distinct, tables, edges] = [Number(values.distinct), Number(values.tables), Number(values.edges)];
  const counts = values.memory ? [10_000, 1_000_000] : [Number(values.queries)];
  const server = await startMariadb();
  const temporal = await startTemporal();
  try {
    for (const queries of counts) {
      const size = { queries, distinct: Math.min(distinct, queries), tables, edges: Math.min(edges, queries) };
      for (const each of await measure(server, temporal.address, size, values.again ? 2 : 1)) print(each, values.json);
    }
  } finally {
    await temporal.stop();
    await server.stop();
  }
}

await main();
