import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { RunReport } from '../../src/report/index.js';
import { startCli, type CliProcess } from '../../test/services/cli.js';
import { startMariadb, type TestMariadb } from '../../test/services/mariadb.js';
import { startRecordingProxy } from '../../test/services/recording-proxy.js';
import { startTemporal, type TestTemporal } from '../../test/services/temporal.js';
import { startCatalogProcess, type CatalogProcess } from '../catalog-process.js';
import { peakRss } from '../peak-rss.js';
import { runBare, type BareRequest } from './bare-run.js';
import { fillTables } from './bench-tables.js';

/** As in the recipe below: units at once, and bulk calls at once in each. */
const THREADS = 2;
const WORKERS = 2;

const recipe = (service: string): string => `
source:
  type: mysql
  serviceName: ${service}
  serviceConnection:
    config: {type: Mysql, username: "\${BENCH_USER}", authType: {password: "\${BENCH_PASSWORD}"}, hostPort: "\${BENCH_HOST_PORT}"}
  sourceConfig: {config: {type: DatabaseMetadata, threads: ${THREADS}, schemaFilterPattern: {includes: ["${service}_"]}}}
sink: {type: metadata-rest, config: {async_pipeline_workers: ${WORKERS}}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${BENCH_CATALOG}
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${BENCH_TOKEN}"}
`;

export interface BenchLine {
  readonly tables: number;
  readonly seconds: number;
  readonly bareSeconds: number;
  readonly ratio: number;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly peakRssMiB: number;
  readonly statements: number;
}

interface Measured {
  readonly seconds: number;
  readonly report: RunReport;
  readonly historyEvents: number;
  readonly historyBytes: number;
}

/** Tables of the run that a worker and a catalog have behind them before they are measured: a running worker is no new process. */
const WARM_TABLES = 200;

/** Servers of the bench; worker and catalog are processes of their own, new for each measurement and warmed by a run of another service. */
export class MetadataBench {
  #made = 0;

  private constructor(
    private readonly folder: string,
    private readonly mariadb: TestMariadb,
    private readonly temporal: TestTemporal,
    private readonly client: Client
  ) {}

  static async open(): Promise<MetadataBench> {
    const folder = mkdtempSync(path.join(tmpdir(), 'om-bench-'));
    mkdirSync(path.join(folder, 'recipes'));
    for (const service of ['bench', 'warm'])
      writeFileSync(path.join(folder, 'recipes', `${service}.yaml`), recipe(service));
    const [mariadb, temporal] = [
      await startMariadb({ arguments: ['--innodb-buffer-pool-size=256M'] }),
      await startTemporal(),
    ];
    await fillTables(mariadb, 'warm', WARM_TABLES);
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    return new MetadataBench(folder, mariadb, temporal, client);
  }

  /** Seconds of a run that finds one table, on a worker that has run before. */
  async fixedSeconds(): Promise<number> {
    await fillTables(this.mariadb, 'bench', 1);
    const catalog = await this.#startCatalog();
    const worker = await this.#startWorker(catalog.url, catalog.token);
    const runs: number[] = [];
    for (let n = 0; n < 4; n += 1) runs.push((await this.#run(worker.queue)).seconds);
    await stop(worker.process, catalog.process);
    // The first one warms up; the middle one of the others.
    return runs.slice(1).sort((left, right) => left - right)[1] ?? 0;
  }

  async measure(tables: number): Promise<BenchLine> {
    await fillTables(this.mariadb, 'bench', tables);
    const recorded = await this.#record();
    const { catalog, worker } = await this.#startWarm();
    const measured = await this.#run(worker.queue);
    const peakRssMiB = peakRss(worker.process.child.pid ?? 0);
    await stop(worker.process, catalog.process);
    const { catalog: bare, worker: unused } = await this.#startWarm();
    await stop(unused.process);
    const bareSeconds = await runBare({
      mariadb: this.mariadb,
      ...recorded,
      url: bare.url,
      token: bare.token,
      readers: THREADS,
      writers: THREADS * WORKERS,
    });
    await stop(bare.process);
    const { seconds, report, historyEvents, historyBytes } = measured;
    const statements = report.steps.reduce((sum, step) => sum + step.statements, 0);
    return {
      tables,
      seconds: rounded(seconds),
      bareSeconds: rounded(bareSeconds),
      ratio: rounded(seconds / bareSeconds),
      historyEvents,
      historyBytes,
      peakRssMiB,
      statements,
    };
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await Promise.all([this.mariadb.stop(), this.temporal.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A run that is not measured: what it asks of MariaDB and sends to the catalog. */
  async #record(): Promise<{ statements: string[]; requests: BareRequest[] }> {
    const catalog = await this.#startCatalog();
    const recorder = await startRecordingProxy(catalog.url);
    const worker = await this.#startWorker(recorder.url, catalog.token);
    await this.mariadb.logStatements(true);
    await this.#run(worker.queue);
    const statements = (await this.mariadb.generalLog()).map(({ text }) => text);
    await this.mariadb.logStatements(false);
    await stop(worker.process, catalog.process);
    await recorder.close();
    const requests = recorder
      .take()
      .filter(({ body }) => body !== undefined)
      .map(({ method, path, body }) => ({ method, path, body: JSON.stringify(body) }));
    return { statements, requests };
  }

  async #startWarm(): Promise<{ catalog: CatalogProcess; worker: { process: CliProcess; queue: string } }> {
    const catalog = await this.#startCatalog();
    const worker = await this.#startWorker(catalog.url, catalog.token);
    await this.#run(worker.queue, 'warm');
    return { catalog, worker };
  }

  async #run(queue: string, service = 'bench'): Promise<Measured> {
    this.#made += 1;
    const started = performance.now();
    const handle = await this.client.workflow.start('metadataWorkflow', {
      taskQueue: queue,
      workflowId: `bench-${this.#made}`,
      args: [{ recipePath: `${service}.yaml` }],
    });
    const report = (await handle.result()) as RunReport;
    const seconds = (performance.now() - started) / 1000;
    if (report.state !== 'success') throw new Error(`The run ended as ${report.state}: ${JSON.stringify(report)}`);
    const described = await handle.describe();
    return {
      seconds,
      report,
      historyEvents: described.historyLength,
      historyBytes: Number(described.historySize ?? 0),
    };
  }

  #startCatalog(): Promise<CatalogProcess> {
    this.#made += 1;
    return startCatalogProcess(path.join(this.folder, `catalog-${this.#made}.db`));
  }

  async #startWorker(catalogUrl: string, token: string): Promise<{ process: CliProcess; queue: string }> {
    this.#made += 1;
    const queue = `bench-${this.#made}`;
    const env = {
      TEMPORAL_ADDRESS: this.temporal.address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: path.join(this.folder, 'recipes'),
      OM_INGEST_STAGING: path.join(this.folder, 'staging'),
      BENCH_USER: this.mariadb.user,
      BENCH_PASSWORD: this.mariadb.password,
      BENCH_HOST_PORT: this.mariadb.hostPort,
      BENCH_CATALOG: `${catalogUrl}/api`,
      BENCH_TOKEN: token,
    };
    const process = startCli(['worker'], { env });
    await process.until('worker is ready');
    return { process, queue };
  }
}

async function stop(...processes: readonly CliProcess[]): Promise<void> {
  for (const { child, ended } of processes) {
    child.kill('SIGTERM');
    await ended;
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
