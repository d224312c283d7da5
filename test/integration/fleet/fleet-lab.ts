import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { makeShopDatabase } from '../../../src/client/quickstart/shop-database.js';
import { writeShopLog } from '../../../src/client/quickstart/shop-log.js';
import { KINDS, type WorkflowKind } from '../../../src/contract/kinds.js';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import type { RunReport } from '../../../src/report/index.js';
import { S3Objects } from '../../../src/staging/s3-objects.js';
import { dumpCatalog } from '../../services/catalog-dump.js';
import { startTemporal, type TestTemporal } from '../../services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';
import { startBucket, type Bucket } from './bucket.js';
import { startWatchedS3, type Written } from './watched-s3.js';

/** In the order in which a service needs them. */
const AFTER_METADATA: readonly WorkflowKind[] = ['lineage', 'usage', 'profiler', 'data-quality'];
const RECIPES: readonly WorkflowKind[] = ['metadata', ...AFTER_METADATA];

/** A worker on a host of its own: a folder of its own, nothing shared but the bucket. */
export interface Host {
  /** Chunks that the host put into the bucket. */
  readonly staged: () => readonly Written[];
  /** Chunks that it made part of their slices: a killed host may have put one that never was. */
  readonly committed: () => readonly Written[];
  /** Whether it took tasks at that time. */
  readonly livedAt: (time: number) => boolean;
  /** `kill -9`, if it is up. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

/** Two hosts, one queue, staging on S3, a catalog in a file: services of the shop, each with a run of every kind. */
export class FleetLab {
  static async open(services: number): Promise<FleetLab> {
    const folder = mkdtempSync(join(tmpdir(), 'om-fleet-'));
    const database = join(folder, 'shop.db');
    makeShopDatabase(database);
    const log = join(folder, 'queries.csv');
    writeShopLog(log);
    const [temporal, bucket] = await Promise.all([startTemporal(), startBucket()]);
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    const names = Array.from({ length: services }, (_, n) => `shop${n + 1}`);
    return new FleetLab(
      folder,
      names,
      { QUICKSTART_DATABASE: database, QUICKSTART_LOG: log },
      temporal,
      bucket,
      client
    );
  }

  #fleets = 0;
  /** The windows of all fleets end here: what is in the log must not depend on when they run. */
  readonly #asOf = new Date().toISOString();

  private constructor(
    private readonly folder: string,
    private readonly services: readonly string[],
    private readonly source: Readonly<Record<string, string>>,
    private readonly temporal: TestTemporal,
    private readonly bucket: Bucket,
    private readonly client: Client
  ) {}

  /**
   * Runs every kind for each service on so many hosts.
   * @param during is told when all runs are over
   * @returns what they left behind
   */
  async runAll(
    hosts: number,
    during: (hosts: readonly Host[], over: AbortSignal) => Promise<void>
  ): Promise<FleetOutcome> {
    this.#fleets += 1;
    const name = `fleet-${this.#fleets}`;
    const file = join(this.folder, `${name}.db`);
    const catalog = await startLocalCatalog({ file, port: 0 });
    const made = await Promise.all(
      Array.from({ length: hosts }, (_, n) => this.#host(name, `${name}-host-${n + 1}`, catalog))
    );
    try {
      await Promise.all(made.map((host) => host.start()));
      const over = new AbortController();
      const disturbed = during(made, over.signal).catch((error: unknown) => {
        if (!over.signal.aborted) throw error;
      });
      const states = await this.#runs(name);
      over.abort();
      await disturbed;
      await Promise.all(made.map((host) => host.kill()));
      const { place } = this.bucket;
      const left = await new S3Objects({ ...place, prefix: name }).names('runs');
      return { states, catalog: dumpCatalog(file), left };
    } finally {
      await Promise.all(made.map((host) => host.stop()));
      await catalog.close();
    }
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await Promise.all([this.temporal.stop(), this.bucket.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #host(queue: string, name: string, catalog: LocalCatalog): Promise<Host & { stop: () => Promise<void> }> {
    const own = join(this.folder, name);
    const recipes = join(own, 'recipes');
    mkdirSync(recipes, { recursive: true });
    for (const service of this.services) writeRecipes(recipes, service);
    const s3 = await startWatchedS3(this.bucket.moto.url);
    const env = {
      TEMPORAL_ADDRESS: this.temporal.address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: recipes,
      OM_INGEST_HEARTBEAT_MS: '2000',
      OM_INGEST_CONCURRENCY: '2',
      OM_HOST_PORT: catalog.hostPort,
      OM_JWT_TOKEN: catalog.token,
      ...this.source,
      ...this.bucket.env(queue),
      OM_INGEST_S3_ENDPOINT: s3.url,
    };
    const written = (ending: string): readonly Written[] =>
      s3.written.filter(({ key }) => key.endsWith(ending) && key.includes('/runs/'));
    const lives: { from: number; to: number }[] = [];
    let worker: WorkerProcess | undefined;
    const kill = async (): Promise<void> => {
      const life = lives.at(-1);
      if (life !== undefined) life.to = Math.min(life.to, Date.now());
      await worker?.kill();
      worker = undefined;
    };
    return {
      staged: () => written('.ndjson.gz'),
      committed: () => written('.entry'),
      livedAt: (time) => lives.some(({ from, to }) => from <= time && time < to),
      kill,
      start: async () => {
        worker = await startWorkerProcess(env);
        lives.push({ from: Date.now(), to: Infinity });
      },
      stop: async () => {
        await kill();
        await s3.stop();
      },
    };
  }

  /** Metadata of each service, then the rest; all services side by side. */
  async #runs(queue: string): Promise<string[]> {
    const start = (service: string, kind: WorkflowKind): Promise<WorkflowHandleWithFirstExecutionRunId> =>
      this.client.workflow.start(KINDS[kind].workflowType, {
        taskQueue: queue,
        workflowId: `${queue}-${service}-${kind}`,
        args: [{ recipePath: `${service}-${kind}.yaml`, asOf: this.#asOf }],
      });
    const stateOf = async (service: string, kind: WorkflowKind): Promise<string> => {
      const report = (await (await start(service, kind)).result()) as RunReport;
      return `${service} ${kind} ${report.state}`;
    };
    const ofServices = this.services.map(async (service) => [
      await stateOf(service, 'metadata'),
      ...(await Promise.all(AFTER_METADATA.map((kind) => stateOf(service, kind)))),
    ]);
    return (await Promise.all(ofServices)).flat();
  }
}

export interface FleetOutcome {
  /** `shop1 lineage success`, of every run. */
  readonly states: readonly string[];
  readonly catalog: Readonly<Record<string, unknown>>;
  /** Runs that are still staged. */
  readonly left: readonly string[];
}

function writeRecipes(folder: string, service: string): void {
  for (const kind of RECIPES) {
    const recipe = readFileSync(join('recipes/quickstart', `${kind}.yaml`), 'utf8');
    writeFileSync(join(folder, `${service}-${kind}.yaml`), recipe.replaceAll('quickstart_shop', service));
  }
}
