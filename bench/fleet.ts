/**
 * `npm run bench:fleet [-- --json] [-- --tables 10000] [-- --delay 20]`: metadata of MariaDB tables into a local
 * catalog by one worker and by two with one staging folder, four slots each, 16 threads, 20 ms (`--delay`) added to
 * each call of source and catalog. Median of three runs each, taken in turn. On two processors these are what bounds
 * it, since source, catalog and Temporal compute on them as well: it prints what all parts compute in, and `--delay
 * 200` shows what a fleet does where processors are not the limit.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import type { RunReport } from '../src/report/index.js';
import { startMariadb } from '../test/services/mariadb.js';
import { startTcpProxy, type TcpProxy } from '../test/services/tcp-proxy.js';
import { startTemporal } from '../test/services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../test/services/worker-process.js';
import { startCatalogProcess } from './catalog-process.js';
import { cpuSeconds } from './cpu-seconds.js';
import { fillTables } from './metadata/bench-tables.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    tables: { type: 'string', default: '10000' },
    delay: { type: 'string', default: '20' },
  },
});
const TABLES = Number(values.tables);
const DELAY_MS = Number(values.delay);
const TIMES = 3;
const SCHEMAS = 'fleet';
/** So that there are as many units as two workers have slots. */
const PER_SCHEMA = 1_250;

const recipe = (service: string): string => `
source:
  type: mysql
  serviceName: ${service}
  serviceConnection:
    config: {type: Mysql, username: "\${BENCH_USER}", authType: {password: "\${BENCH_PASSWORD}"}, hostPort: "\${BENCH_HOST_PORT}"}
  sourceConfig: {config: {type: DatabaseMetadata, threads: 16, schemaFilterPattern: {includes: ["${SCHEMAS}_"]}}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${BENCH_CATALOG}
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${BENCH_TOKEN}"}
`;

const folder = mkdtempSync(path.join(tmpdir(), 'om-bench-fleet-'));
const recipes = path.join(folder, 'recipes');
mkdirSync(recipes);
const mariadb = await startMariadb({
  arguments: ['--innodb-buffer-pool-size=256M', '--debug-no-sync', '--sync-frm=0'],
});
const temporal = await startTemporal();
const catalog = await startCatalogProcess(path.join(folder, 'catalog.db'));
const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
const source = await slow(mariadb.port);
const sink = await slow(Number(new URL(catalog.url).port));
let made = 0;
try {
  await fillTables(mariadb, SCHEMAS, TABLES, PER_SCHEMA);
  const fleets = [await startFleet(1), await startFleet(2)] as const;
  // a running fleet: what V8 compiles is compiled
  for (const fleet of fleets) await run(fleet.queue);
  const seconds: [number[], number[]] = [[], []];
  const cpu: [number[], number[]] = [[], []];
  const parts: Record<string, number>[] = [];
  for (let time = 0; time < TIMES; time += 1)
    for (const n of [0, 1] as const) {
      const before = cpuOf(fleets[n].workers);
      seconds[n].push(await run(fleets[n].queue));
      const after = cpuOf(fleets[n].workers);
      parts[n] = Object.fromEntries(
        Object.entries(after).map(([part, sum]) => [part, rounded(sum - (before[part] ?? 0))])
      );
      cpu[n].push(Object.values(parts[n]).reduce((sum, part) => sum + part, 0));
    }
  const [one, two] = [median(seconds[0]), median(seconds[1])];
  const line = {
    ...{ tables: TABLES, one: rounded(one), two: rounded(two), ratio: rounded(one / two) },
    // what all of it computes in; no fleet is quicker than that on the processors there are
    ...{ processors: availableParallelism(), cpuOne: rounded(median(cpu[0])), cpuTwo: rounded(median(cpu[1])), parts },
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(line)}\n`
      : `${line.tables} tables: one worker ${line.one} s, two workers ${line.two} s: ${line.ratio} times as fast; ` +
          `processor time of all parts ${line.cpuOne} s and ${line.cpuTwo} s on ${line.processors} processors, ` +
          `by one worker ${JSON.stringify(parts[0])}, by two ${JSON.stringify(parts[1])}\n`
  );
  for (const { workers } of fleets) for (const worker of workers) await worker.terminate();
} finally {
  await client.connection.close();
  await Promise.all([source.close(), sink.close()]);
  catalog.process.child.kill('SIGTERM');
  await catalog.process.ended;
  await Promise.all([mariadb.stop(), temporal.stop()]);
  rmSync(folder, { recursive: true, force: true });
}

/** Processor time so far of everything that a run makes work. */
function cpuOf(workers: readonly WorkerProcess[]): Record<string, number> {
  return {
    workers: workers.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0),
    source: cpuSeconds(mariadb.pid),
    catalog: cpuSeconds(catalog.process.child.pid ?? 0),
    temporal: cpuSeconds(temporal.pid),
    proxies: cpuSeconds(process.pid),
  };
}

/** A proxy that passes on what a client sends after a delay. */
async function slow(port: number): Promise<TcpProxy> {
  const proxy = await startTcpProxy(port);
  proxy.onSent(() => sleep(DELAY_MS));
  return proxy;
}

async function startFleet(size: number): Promise<{ queue: string; workers: WorkerProcess[] }> {
  const queue = `fleet-of-${size}`;
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    OM_INGEST_TASK_QUEUE: queue,
    OM_INGEST_RECIPES: recipes,
    OM_INGEST_STAGING: path.join(folder, queue),
    OM_INGEST_CONCURRENCY: '4',
    BENCH_USER: mariadb.user,
    BENCH_PASSWORD: mariadb.password,
    BENCH_HOST_PORT: `127.0.0.1:${source.port}`,
    BENCH_CATALOG: `http://127.0.0.1:${sink.port}/api`,
    BENCH_TOKEN: catalog.token,
  };
  const workers: WorkerProcess[] = [];
  for (let n = 0; n < size; n += 1) workers.push(await startWorkerProcess(env));
  return { queue, workers };
}

/** Seconds of a run into a service of its own. */
async function run(taskQueue: string): Promise<number> {
  made += 1;
  const service = `fleet_${made}`;
  writeFileSync(path.join(recipes, `${service}.yaml`), recipe(service));
  const started = performance.now();
  const args = [{ recipePath: `${service}.yaml` }];
  const handle = await client.workflow.start('metadataWorkflow', { taskQueue, workflowId: service, args });
  const report = (await handle.result()) as RunReport;
  if (report.state !== 'success') throw new Error(`The run ended as ${report.state}: ${JSON.stringify(report)}`);
  return (performance.now() - started) / 1000;
}

function median(of: readonly number[]): number {
  return [...of].sort((left, right) => left - right)[Math.floor(of.length / 2)] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
