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

/** Prefix of the schemas that are read. */
const SCHEMAS = 'bench';
/** The service that is measured, and those that the same tables are read into before: by then V8 has compiled what there is to compile. */
const SERVICE = 'bench';
const WARMING = ['warm_1', 'warm_2', 'warm_3', 'warm_4', 'warm_5'];
/** Measurements of each kind, in turn; the middle one counts. */
const TIMES = 5;

const recipe = (service: string): string => `
source:
  type: mysql
  serviceName: ${service}
  serviceConnection:
    config: {type: Mysql, username: "\${BENCH_USER}", authType: {password: "\${BENCH_PASSWORD}"}, hostPort: "\${BENCH_HOST_PORT}"}
  sourceConfig: {config: {type: DatabaseMetadata, threads: ${THREADS}, schemaFilterPattern: {includes: ["${SCHEMAS}_"]}}}
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

type Run = Pick<BenchLine, 'seconds' | 'historyEvents' | 'historyBytes' | 'statements'>;
type Measured = Run & Pick<BenchLine, 'peakRssMiB'>;

/**
 * Servers of the bench; worker and catalog are processes of their own, new for each measurement, and have runs over the same tables behind
 * them: a running worker, and a running catalog for the bare statements as well.
 */
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
    for (const service of [SERVICE, ...WARMING])
      writeFileSync(path.join(folder, 'recipes', `${service}.yaml`), recipe(service));
    const [mariadb, temporal] = [
      await startMariadb({ arguments: ['--innodb-buffer-pool-size=256M'] }),
      await startTemporal(),
    ];
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    return new MetadataBench(folder, mariadb, temporal, client);
  }

  /** Seconds of a run that finds one table, on a worker that has run before. */
  async fixedSeconds(): Promise<number> {
    await fillTables(this.mariadb, SCHEMAS, 1);
    const catalog = await this.#startCatalog();
    const worker = await this.#startWorker(catalog.url, catalog.token);
    const runs: number[] = [];
    for (let n = 0; n < 4; n += 1) runs.push((await this.#run(worker.queue)).seconds);
    await stop(worker.process, catalog.process);
    // The first one warms up.
    return median(runs.slice(1));
  }

  async measure(tables: number): Promise<BenchLine> {
    await fillTables(this.mariadb, SCHEMAS, tables);
    const recorded = await this.#record();
    const runs: Measured[] = [];
    const bare: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      runs.push(await this.#measureRun());
      bare.push(await this.#measureBare(recorded));
    }
    const seconds = median(runs.map((run) => run.seconds));
    const bareSeconds = median(bare);
    const largest = (of: (run: Measured) => number): number => Math.max(...runs.map(of));
    return {
      tables,
      seconds: rounded(seconds),
      bareSeconds: rounded(bareSeconds),
      ratio: rounded(seconds / bareSeconds),
      historyEvents: largest((run) => run.historyEvents),
      historyBytes: largest((run) => run.historyBytes),
      peakRssMiB: largest((run) => run.peakRssMiB),
      statements: largest((run) => run.statements),
    };
  }

  async #measureRun(): Promise<Measured> {
    const { catalog, worker } = await this.#startWarm();
    const measured = await this.#run(worker.queue);
    const peakRssMiB = peakRss(worker.process.child.pid ?? 0);
    await stop(worker.process, catalog.process);
    return { ...measured, peakRssMiB };
  }

  async #measureBare(recorded: { statements: string[]; requests: BareRequest[] }): Promise<number> {
    const { catalog, worker } = await this.#startWarm();
    await stop(worker.process);
    const { url, token } = catalog;
    const limits = { readers: THREADS, writers: THREADS * WORKERS };
    const seconds = await runBare({ mariadb: this.mariadb, ...recorded, url, token, ...limits });
    await stop(catalog.process);
    return seconds;
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
    for (const service of WARMING) await this.#run(worker.queue, service);
    return { catalog, worker };
  }

  async #run(queue: string, service = SERVICE): Promise<Run> {
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
      statements: report.steps.reduce((sum, step) => sum + step.statements, 0),
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

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
