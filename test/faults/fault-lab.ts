import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog } from '../../src/local-catalog/index.js';
import { extractPosition } from '../../src/metadata/extract-unit.js';
import type { RunReport } from '../../src/report/index.js';
import { dumpCatalog } from '../services/catalog-dump.js';
import { startFaultProxy, type FaultProxy } from '../services/fault-proxy.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../services/worker-process.js';
import { faultRecipe, type FaultSource } from './fault-source.js';
import {
  snapshotOf,
  statusesOf,
  steadyReport,
  steadyStatus,
  untilChunks,
  type ManifestSnapshot,
  type Outcome,
  type Trial,
} from './trial.js';

/**
 * The undisturbed run: its outcome, how many calls the catalog got, and how many of them before the first that marks
 * something deleted.
 */
interface CleanRun extends Outcome {
  readonly calls: number;
  readonly callsUntilDeletions: number;
}

/** Servers, a source, and what an undisturbed run makes of its second state. */
export class FaultLab<S extends FaultSource = FaultSource> {
  static async open<S extends FaultSource>(starting: Promise<S>): Promise<FaultLab<S>> {
    const folder = mkdtempSync(path.join(tmpdir(), 'om-faults-'));
    const [source, temporal, proxy] = await Promise.all([starting, startTemporal(), startFaultProxy()]);
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    const lab = new FaultLab(folder, source, temporal, proxy, client);
    mkdirSync(path.join(folder, 'recipes'));
    writeFileSync(path.join(folder, 'recipes', 'warehouse.yaml'), faultRecipe(source));
    await lab.trial('before', async (trial) => void (await trial.handle.result()));
    cpSync(path.join(folder, 'before.db'), path.join(folder, 'start.db'));
    await source.change();
    await lab.trial('clean', async (trial) => {
      const outcome = await trial.outcome((await trial.handle.result()) as RunReport);
      const { calls } = trial.proxy;
      const deletions = calls.findIndex(({ method, path }) => method === 'DELETE' && !path.includes('/deleteStale'));
      if (deletions < 0) throw new Error('the clean run marks nothing deleted');
      lab.#clean = { ...outcome, calls: calls.length, callsUntilDeletions: deletions };
    });
    return lab;
  }

  #clean: CleanRun | undefined;

  private constructor(
    private readonly folder: string,
    readonly source: S,
    readonly temporal: TestTemporal,
    private readonly proxy: FaultProxy,
    readonly client: Client
  ) {}

  /** Where workers look for recipes. */
  get recipesDir(): string {
    return path.join(this.folder, 'recipes');
  }

  get clean(): CleanRun {
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
    const startWorker = async (more: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> => {
      const worker = await startWorkerProcess({ ...environment, ...more });
      workers.push(worker);
      return worker;
    };
    try {
      const worker = await startWorker();
      await this.source.markReads();
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
        markReads: () => this.source.markReads(),
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
    await Promise.all([this.source.stop(), this.temporal.stop(), this.proxy.close()]);
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
      ...this.source.env,
      LAB_CATALOG: `${this.proxy.url}/api`,
      LAB_TOKEN: catalog.token,
      ...env,
    };
  }

  async #expectNotReadAgain({ units }: ManifestSnapshot): Promise<void> {
    const reads = await this.source.columnReads();
    for (const { schemas, manifest } of units) {
      const last = manifest.at(-1);
      if (last === undefined) continue;
      const at = extractPosition.parse(last.position);
      const behind = at.read === undefined || at.read.part === 'procedures' ? at.schema + 1 : at.schema;
      const again = reads.filter(({ schema, from, inclusive }) => {
        const index = schemas.indexOf(schema);
        if (index === -1) return false;
        const name = at.read?.name ?? '';
        return last.last || index < behind || (index === at.schema && (from < name || (inclusive && from === name)));
      });
      expect(again, `read again though staged up to ${JSON.stringify(at)}`).to.deep.equal([]);
    }
  }
}
