import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { expect } from 'chai';
import { z } from 'zod';
import { startLocalCatalog, type LocalCatalog } from '../../src/local-catalog/index.js';
import { extractPosition } from '../../src/metadata/extract-unit.js';
import { unitSchemas } from '../../src/metadata/index.js';
import type { RunReport } from '../../src/report/index.js';
import { FolderStore, type ManifestEntry } from '../../src/staging/index.js';
import { dumpCatalog } from '../services/catalog-dump.js';
import { startFaultProxy, type FaultProxy } from '../services/fault-proxy.js';
import { columnReads } from '../services/general-log.js';
import { startMariadb, type TestMariadb } from '../services/mariadb.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../services/worker-process.js';
import { changeWarehouse, fillWarehouse } from './warehouse.js';

const SERVICE = 'warehouse';
const PIPELINE = `${SERVICE}.metadata`;
export const RECIPE = `
source:
  type: mysql
  serviceName: ${SERVICE}
  serviceConnection:
    config:
      type: Mysql
      username: \${LAB_USER}
      authType: {password: "\${LAB_PASSWORD}"}
      hostPort: \${LAB_HOST_PORT}
  sourceConfig:
    config:
      type: DatabaseMetadata
      schemaFilterPattern: {includes: ["w[0-9]+$"]}
      threads: 2
sink: {type: metadata-rest, config: {bulk_sink_batch_size: 25, async_pipeline_workers: 2}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${LAB_CATALOG}
    authProvider: openmetadata
    storeServiceConnection: false
    securityConfig: {jwtToken: "\${LAB_TOKEN}"}
ingestionPipelineFQN: ${PIPELINE}
`;

/** What a run leaves behind, without what may differ: times, calls, and how often a retry found its work done already. */
export interface Outcome {
  readonly catalog: Record<string, unknown>;
  readonly report: unknown;
  readonly status: unknown;
}

export interface ManifestSnapshot {
  /** Extracted so far: by unit, its schemas and the manifest. */
  readonly units: readonly { readonly schemas: readonly string[]; readonly manifest: readonly ManifestEntry[] }[];
}

/** One experiment: a catalog in the state before, a staging folder and a queue of its own. */
export interface Trial {
  readonly proxy: FaultProxy;
  readonly handle: WorkflowHandleWithFirstExecutionRunId;
  readonly workflowId: string;
  /** The catalog's bearer token, its file, and the staging folder. */
  readonly token: string;
  readonly catalogFile: string;
  readonly staging: string;
  readonly start: (workflowId?: string, recipePath?: string) => Promise<WorkflowHandleWithFirstExecutionRunId>;
  readonly startWorker: () => Promise<WorkerProcess>;
  readonly worker: WorkerProcess;
  readonly snapshot: () => Promise<ManifestSnapshot>;
  /** Waits until this many chunks are extracted, or until extraction is over. */
  readonly untilChunks: (count: number) => Promise<void>;
  /** Names of staged runs. */
  readonly staged: () => string[];
  readonly statuses: () => Promise<z.infer<typeof statusModel>[]>;
  /** What stands in the catalog and in the status of this run. */
  readonly outcome: (report: RunReport) => Promise<Outcome>;
  /** Asserts that nothing of what the snapshot shows as staged was read again from MariaDB since then. */
  readonly expectNotReadAgain: (snapshot: ManifestSnapshot) => Promise<void>;
  /** Empties the general log: what comes now comes after the fault. */
  readonly markLog: () => Promise<void>;
}

const statusModel = z.object({
  runId: z.string(),
  pipelineState: z.string(),
  endDate: z.number().optional(),
  status: z
    .array(
      z.object({
        name: z.string(),
        records: z.number(),
        warnings: z.number(),
        errors: z.number(),
        filtered: z.number(),
        failures: z.array(z.unknown()),
      })
    )
    .optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** Servers, the warehouse, and what an undisturbed run makes of it. */
export class FaultLab {
  static async open(): Promise<FaultLab> {
    const folder = mkdtempSync(path.join(tmpdir(), 'om-faults-'));
    const [mariadb, temporal, proxy] = await Promise.all([
      startMariadb({ arguments: ['--general-log=1'] }),
      startTemporal(),
      startFaultProxy(),
    ]);
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    const lab = new FaultLab(folder, mariadb, temporal, proxy, client);
    mkdirSync(path.join(folder, 'recipes'));
    writeFileSync(path.join(folder, 'recipes', 'warehouse.yaml'), RECIPE);
    await fillWarehouse(mariadb);
    await lab.trial('before', async (trial) => void (await trial.handle.result()));
    cpSync(path.join(folder, 'before.db'), path.join(folder, 'start.db'));
    await changeWarehouse(mariadb);
    await lab.trial('clean', async (trial) => {
      const outcome = await trial.outcome((await trial.handle.result()) as RunReport);
      lab.#clean = { ...outcome, calls: trial.proxy.calls.length };
    });
    return lab;
  }

  #clean: (Outcome & { calls: number }) | undefined;

  private constructor(
    private readonly folder: string,
    readonly mariadb: TestMariadb,
    readonly temporal: TestTemporal,
    private readonly proxy: FaultProxy,
    readonly client: Client
  ) {}

  /** Where workers look for recipes. */
  get recipesDir(): string {
    return path.join(this.folder, 'recipes');
  }

  /** The undisturbed run: its outcome and how many calls the catalog got. */
  get clean(): Outcome & { calls: number } {
    if (this.#clean === undefined) throw new Error('there was no clean run yet');
    return this.#clean;
  }

  /** Starts a run on a fresh copy of the catalog and hands it to `body`. */
  async trial(
    name: string,
    body: (trial: Trial) => Promise<void>,
    env: Readonly<Record<string, string>> = {}
  ): Promise<void> {
    const file = path.join(this.folder, `${name}.db`);
    if (name !== 'before') cpSync(path.join(this.folder, 'start.db'), file);
    const catalog = await startLocalCatalog({ file, port: 0 });
    this.proxy.reset(catalog.url);
    // The catalog holds the status of the run that made it.
    const started = Date.now();
    const workers: WorkerProcess[] = [];
    const environment = this.#environment(name, catalog, env);
    const startWorker = async (): Promise<WorkerProcess> => {
      const worker = await startWorkerProcess(environment);
      workers.push(worker);
      return worker;
    };
    try {
      const worker = await startWorker();
      await this.#markLog();
      const start = (
        workflowId = name,
        recipePath = 'warehouse.yaml'
      ): Promise<WorkflowHandleWithFirstExecutionRunId> =>
        this.client.workflow.start('metadataWorkflow', {
          taskQueue: name,
          workflowId,
          args: [{ recipePath }],
        });
      const staging = path.join(this.folder, name);
      const handle = await start();
      const run = handle.firstExecutionRunId;
      await body({
        proxy: this.proxy,
        handle,
        workflowId: name,
        token: catalog.token,
        catalogFile: file,
        staging,
        start,
        startWorker,
        worker,
        snapshot: () => snapshotOf(staging, run),
        untilChunks: (count) => untilChunks(staging, run, count),
        staged: () => readdirSync(path.join(staging, 'runs')),
        statuses: () => statusesOf(catalog, started),
        outcome: async (report) => ({
          catalog: dumpCatalog(file),
          report: steadyReport(report),
          status: steadyStatus(
            (await statusesOf(catalog, started)).find(({ runId }) => runId === report.pipelineRunId)
          ),
        }),
        expectNotReadAgain: (snapshot) => this.#expectNotReadAgain(snapshot),
        markLog: () => this.#markLog(),
      });
    } finally {
      await Promise.all(workers.map((each) => each.kill()));
      await catalog.close();
    }
  }

  /** What every fault has to leave behind: the clean run's catalog, report and status, and nothing staged. */
  async expectAsClean(trial: Trial, handle = trial.handle): Promise<void> {
    const outcome = await trial.outcome((await handle.result()) as RunReport);
    expect(outcome.catalog).to.deep.equal(this.clean.catalog);
    expect(outcome.report).to.deep.equal(this.clean.report);
    expect(outcome.status).to.deep.equal(this.clean.status);
    expect(trial.staged()).to.deep.equal([]);
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await Promise.all([this.mariadb.stop(), this.temporal.stop(), this.proxy.close()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #environment(queue: string, catalog: LocalCatalog, env: Readonly<Record<string, string>>): Record<string, string> {
    return {
      TEMPORAL_ADDRESS: this.temporal.address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: path.join(this.folder, 'recipes'),
      OM_INGEST_STAGING: path.join(this.folder, queue),
      OM_INGEST_HEARTBEAT_MS: '2000',
      OM_INGEST_SHUTDOWN_GRACE_MS: '500',
      LAB_USER: this.mariadb.user,
      LAB_PASSWORD: this.mariadb.password,
      LAB_HOST_PORT: this.mariadb.hostPort,
      LAB_CATALOG: `${this.proxy.url}/api`,
      LAB_TOKEN: catalog.token,
      ...env,
    };
  }

  async #markLog(): Promise<void> {
    await this.mariadb.run('TRUNCATE mysql.general_log');
  }

  async #expectNotReadAgain({ units }: ManifestSnapshot): Promise<void> {
    const reads = columnReads(await this.mariadb.generalLog());
    for (const { schemas, manifest } of units) {
      const last = manifest.at(-1);
      if (last === undefined) continue;
      const at = extractPosition.parse(last.position);
      const behind = at.read === undefined || at.read.part === 'procedures' ? at.schema + 1 : at.schema;
      const again = reads.filter(({ schema, after }) => {
        const index = schemas.indexOf(schema);
        if (index === -1) return false;
        return last.last || index < behind || (index === at.schema && after < (at.read?.name ?? ''));
      });
      expect(again, `read again though staged up to ${JSON.stringify(at)}`).to.deep.equal([]);
    }
  }
}

async function snapshotOf(staging: string, run: string): Promise<ManifestSnapshot> {
  const store = await FolderStore.open(staging);
  const scopes = { run, stage: 'scopes', slice: '0' };
  const count = (await store.manifest(scopes)).length;
  const units = [];
  for (let unit = 0; unit < count; unit += 1) {
    const schemas = (await unitSchemas(store, scopes, unit)).map(({ schema }) => schema);
    units.push({ schemas, manifest: await store.manifest({ run, stage: 'extract', slice: String(unit) }) });
  }
  return { units };
}

async function untilChunks(staging: string, run: string, count: number): Promise<void> {
  const extract = path.join(staging, 'runs', run, 'extract');
  const publish = path.join(staging, 'runs', run, 'publish');
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(2)) {
    if (entries(extract) >= count || entries(publish) > 1) return;
  }
  throw new Error(`no ${count} chunks were extracted within a minute`);
}

function entries(stage: string): number {
  try {
    return readdirSync(stage, { recursive: true }).filter((name) => String(name).endsWith('.entry')).length;
  } catch {
    return 0;
  }
}

async function statusesOf({ url, token }: LocalCatalog, since: number): Promise<z.infer<typeof statusModel>[]> {
  const answer = await fetch(
    `${url}/api/v1/services/ingestionPipelines/${PIPELINE}/pipelineStatus?startTs=${since}&endTs=${Date.now() + 1000}`,
    {
      headers: { authorization: `Bearer ${token}` },
    }
  );
  return z.object({ data: z.array(statusModel) }).parse(await answer.json()).data;
}

/**
 * An entity that a retry finds in the catalog already counts as unchanged there, as a record in a clean run. A table that an attempt wrote
 * before it died is written with all its keys by the next one, and not patched later: `updated` says what was patched, so it may be less.
 */
function steadyReport(report: RunReport): unknown {
  const { state, successPercent, notes, error, service, workflow } = report;
  const steps = report.steps.map(({ name, records, unchanged, deleted, filtered, warnings, errors, failures }) => ({
    name,
    done: records + unchanged,
    deleted,
    filtered,
    warnings,
    errors,
    failures,
  }));
  return { state, successPercent, notes, error, service, workflow, steps };
}

function steadyStatus(status: z.infer<typeof statusModel> | undefined): unknown {
  return status && { state: status.pipelineState, ended: status.endDate !== undefined, steps: status.status };
}
