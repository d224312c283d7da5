import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { RunReport } from '../../src/report/index.js';
import { startCli, type CliProcess } from '../../test/services/cli.js';
import { startRecordingProxy } from '../../test/services/recording-proxy.js';
import { startTemporal, type TestTemporal } from '../../test/services/temporal.js';
import { startCatalogProcess, type CatalogProcess } from '../catalog-process.js';
import { peakRss } from '../peak-rss.js';
import { runBare, type BareRequest } from './bare-run.js';
import type { BenchWarehouse } from './bench-warehouse.js';

/** As in the recipe below: units at once, and bulk calls at once in each. */
const THREADS = 2;
const WORKERS = 2;

/** Prefix of the schemas that are read. */
const SCHEMAS = 'bench';
/**
 * Runs before the measured ones, of the worker and of the catalog: by then V8 has compiled what there is to compile.
 */
const WARMING = 5;
/**
 * Measurements of each kind, the middle one counts. A run and a bare one follow each other: what else the machine does
 * hits both.
 */
const TIMES = 15;
/** Service of the run whose requests are sent bare, under the name of another one each time. */
const RECORDED = 'bench_recorded';

const recipe = (service: string, [type, connection]: BenchWarehouse['connection']): string => `
source:
  type: ${type}
  serviceName: ${service}
  serviceConnection: ${connection}
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

/** What a run asks of the source and sends to the catalog. */
interface Recorded {
  readonly statements: readonly string[];
  readonly requests: readonly BareRequest[];
}

/**
 * Servers of the bench; worker and catalog are processes of their own, new for each count of tables, and have runs over
 * the same tables behind them: a running worker and a running catalog. Each run, bare ones too, makes a service of its
 * own.
 */
export class MetadataBench {
  #made = 0;

  private constructor(
    private readonly folder: string,
    private readonly warehouse: BenchWarehouse,
    private readonly temporal: TestTemporal,
    private readonly client: Client,
    private readonly times: number
  ) {}

  /** @param times measurements of each kind */
  static async open(starting: Promise<BenchWarehouse>, times = TIMES): Promise<MetadataBench> {
    const folder = mkdtempSync(path.join(tmpdir(), 'om-bench-'));
    mkdirSync(path.join(folder, 'recipes'));
    const [warehouse, temporal] = [await starting, await startTemporal()];
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    return new MetadataBench(folder, warehouse, temporal, client, times);
  }

  /** Seconds of a run that finds one table, on a worker that has run before. */
  async fixedSeconds(): Promise<number> {
    await this.warehouse.fill(SCHEMAS, 1);
    const { catalog, worker } = await this.#startWarm();
    const runs: number[] = [];
    for (let time = 0; time < this.times; time += 1) runs.push((await this.#run(worker.queue)).seconds);
    await stop(worker.process, catalog.process);
    return median(runs);
  }

  async measure(tables: number): Promise<BenchLine> {
    await this.warehouse.fill(SCHEMAS, tables);
    const recorded = await this.#record();
    const { catalog, worker } = await this.#startWarm();
    const runs: Run[] = [];
    const bare: number[] = [];
    for (let time = 0; time < this.times; time += 1) {
      runs.push(await this.#run(worker.queue));
      bare.push(await this.#runBare(recorded, catalog));
    }
    const peakRssMiB = peakRss(worker.process.child.pid ?? 0);
    await stop(worker.process, catalog.process);
    const seconds = median(runs.map((run) => run.seconds));
    const bareSeconds = median(bare);
    const largest = (of: (run: Run) => number): number => Math.max(...runs.map(of));
    return {
      tables,
      seconds: rounded(seconds),
      bareSeconds: rounded(bareSeconds),
      ratio: rounded(seconds / bareSeconds),
      historyEvents: largest((run) => run.historyEvents),
      historyBytes: largest((run) => run.historyBytes),
      peakRssMiB,
      statements: largest((run) => run.statements),
    };
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await Promise.all([this.warehouse.stop(), this.temporal.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A run that is not measured. */
  async #record(): Promise<Recorded> {
    const catalog = await this.#startCatalog();
    const recorder = await startRecordingProxy(catalog.url);
    const worker = await this.#startWorker(recorder.url, catalog.token);
    const statements = await this.warehouse.statementsOf(async () => void (await this.#run(worker.queue, RECORDED)));
    await stop(worker.process, catalog.process);
    await recorder.close();
    const requests = recorder
      .take()
      .filter(({ body }) => body !== undefined)
      .map(({ method, path, body }) => ({ method, path, body: JSON.stringify(body) }));
    return { statements, requests };
  }

  #runBare({ statements, requests }: Recorded, { url, token }: CatalogProcess): Promise<number> {
    const service = this.#newName();
    return runBare({
      warehouse: this.warehouse,
      statements,
      requests: requests.map((request) => ({ ...request, body: request.body.replaceAll(RECORDED, service) })),
      url,
      token,
      readers: THREADS,
      writers: THREADS * WORKERS,
    });
  }

  async #startWarm(): Promise<{ catalog: CatalogProcess; worker: { process: CliProcess; queue: string } }> {
    const catalog = await this.#startCatalog();
    const worker = await this.#startWorker(catalog.url, catalog.token);
    for (let time = 0; time < Math.min(WARMING, this.times); time += 1) await this.#run(worker.queue);
    return { catalog, worker };
  }

  async #run(queue: string, service = this.#newName()): Promise<Run> {
    const recipePath = `${service}.yaml`;
    writeFileSync(path.join(this.folder, 'recipes', recipePath), recipe(service, this.warehouse.connection));
    const started = performance.now();
    const handle = await this.client.workflow.start('metadataWorkflow', {
      taskQueue: queue,
      workflowId: this.#newName(),
      args: [{ recipePath }],
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
    return startCatalogProcess(path.join(this.folder, `${this.#newName()}.db`));
  }

  async #startWorker(catalogUrl: string, token: string): Promise<{ process: CliProcess; queue: string }> {
    const queue = this.#newName();
    const env = {
      TEMPORAL_ADDRESS: this.temporal.address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: path.join(this.folder, 'recipes'),
      OM_INGEST_STAGING: path.join(this.folder, 'staging'),
      ...this.warehouse.env,
      BENCH_CATALOG: `${catalogUrl}/api`,
      BENCH_TOKEN: token,
    };
    const process = startCli(['worker'], { env });
    await process.until('worker is ready');
    return { process, queue };
  }

  /** As long as the recorded one: requests of the same size are sent bare. */
  #newName(): string {
    this.#made += 1;
    return `bench_${String(this.#made).padStart(RECORDED.length - 'bench_'.length, '0')}`;
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
