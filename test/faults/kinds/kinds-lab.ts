import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { freePorts } from '../../../src/client/temporal-server/index.js';
import { KINDS, type WorkflowKind } from '../../../src/contract/kinds.js';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import type { RunReport } from '../../../src/report/index.js';
import { startFaultProxy, type FaultProxy, type ProxiedCall, type ProxyFault } from '../../services/fault-proxy.js';
import { startGrpcProxy, type GrpcProxy } from '../../services/grpc-proxy.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { startTcpProxy, type TcpProxy } from '../../services/tcp-proxy.js';
import { startTemporal, type TestTemporal } from '../../services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';
import { Dice } from '../seeds.js';
import { steadyReport } from '../trial.js';
import type { Case } from './cases.js';
import { faultOf, isSearch, type Fault } from './faults.js';
import { atMoment, isWrite } from './moments.js';
import { differences, settled } from './settled.js';
import { fillShop, SERVICE, writeShopRecipes } from './shop.js';

/** What a run leaves behind. */
interface Outcome {
  readonly catalog: Readonly<Record<string, unknown>>;
  readonly report: unknown;
}

/** An undisturbed run, and how much there is that a fault can meet. */
export interface CleanRun extends Outcome {
  readonly sent: number;
  readonly writes: number;
  /** Whether it asked the catalog's search index. */
  readonly searches: boolean;
}

/** One run of a kind on a copy of the catalog, with a queue and a staging folder of its own. */
export interface KindTrial {
  readonly kind: WorkflowKind;
  readonly queue: string;
  readonly client: Client;
  readonly catalog: LocalCatalog;
  readonly token: string;
  /** The recipes name it; workers read it when a token is refused. */
  readonly tokenFile: string;
  /** Of the full disk. */
  readonly fullFlag: string;
  /** `host:port` for one worker's metrics. */
  readonly metrics: string;
  /** Before the source. */
  readonly source: TcpProxy;
  readonly staging: string;
  /** Before Temporal, for workers that are told to go there. */
  readonly temporal: GrpcProxy;
  /** Calls to Temporal that were refused since the run began. */
  readonly refusals: () => number;
  /** Calls to the catalog since then. */
  readonly calls: () => readonly ProxiedCall[];
  /** What becomes of calls to the catalog from now on. */
  readonly disturb: (fault: (call: ProxiedCall) => ProxyFault | undefined) => void;
  /** The worker that began the run. */
  readonly worker: WorkerProcess;
  readonly startWorker: (env?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
}

/** A source, a catalog and Temporal, with something between each of them and the workers. */
export class KindsLab {
  static async open(): Promise<KindsLab> {
    const folder = mkdtempSync(path.join(tmpdir(), 'om-kinds-'));
    const [mariadb, temporal, catalog] = await Promise.all([startMariadb(), startTemporal(), startFaultProxy()]);
    await fillShop(mariadb);
    mkdirSync(path.join(folder, 'recipes'));
    writeShopRecipes(path.join(folder, 'recipes'));
    const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
    const source = await startTcpProxy(mariadb.port);
    return new KindsLab(folder, mariadb, temporal, await startGrpcProxy(temporal.address), catalog, source, client);
  }

  readonly #clean = new Map<WorkflowKind, CleanRun>();
  /** Stops the run that is under way. */
  #stop: (() => Promise<void>) | undefined;
  #ended: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly mariadb: TestMariadb,
    private readonly temporal: TestTemporal,
    private readonly limited: GrpcProxy,
    private readonly proxy: FaultProxy,
    private readonly source: TcpProxy,
    private readonly client: Client
  ) {}

  /**
   * A run that meets the fault has to leave the clean run's catalog, a report that says the same, and nothing staged.
   */
  meet(each: Case): Promise<void> {
    const meeting = this.#meet(each);
    this.#ended = meeting.catch(() => undefined);
    return meeting;
  }

  /** Ends the case that is under way, so that the next one has the source and the catalog to itself. */
  async abandon(): Promise<void> {
    await this.#stop?.();
    await this.#ended;
  }

  async #meet({ kind, moment, fault: name, seed }: Case): Promise<void> {
    const dice = new Dice(seed, `${kind} ${moment} ${name}`);
    const clean = await this.cleanRun(kind);
    const fault = faultOf(name);
    await this.#trial(kind, `${kind}-${moment}-${name.replaceAll(' ', '-')}-${seed}`, fault, async (trial, run) => {
      const { begun, over } = atMoment(trial, { moment, clean, dice }, () => fault.strike(trial, dice));
      over.catch(() => undefined);
      const outcome = await run();
      if (!begun()) throw new Error('the run was over before the fault met it');
      await over;
      fault.met?.(trial);
      expect(outcome.report).to.deep.equal(clean.report);
      expect(differences(outcome.catalog, clean.catalog)).to.deep.equal([]);
      expect(readdirSync(path.join(trial.staging, 'runs'))).to.deep.equal([]);
    });
  }

  async close(): Promise<void> {
    await this.client.connection.close();
    await Promise.all([this.mariadb.stop(), this.proxy.close(), this.source.close(), this.limited.close()]);
    await this.temporal.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Made when the first case asks for it. The metadata's one leaves the catalog that all other kinds start with. */
  async cleanRun(kind: WorkflowKind): Promise<CleanRun> {
    const there = this.#clean.get(kind);
    if (there !== undefined) return there;
    if (kind !== 'metadata') await this.cleanRun('metadata');
    let clean: CleanRun | undefined;
    await this.#trial(kind, `${kind}-clean`, { strike: async () => undefined }, async (_trial, run) => {
      let sent = 0;
      this.source.onSent(() => void (sent += 1));
      const outcome = await run();
      expect((outcome.report as { state: string }).state, kind).to.equal('success');
      const { calls } = this.proxy;
      const searches = calls.some(({ path: called }) => isSearch(called));
      clean = { ...outcome, sent, writes: calls.filter(isWrite).length, searches };
    });
    if (clean === undefined) throw new Error(`there was no clean run of ${kind}`);
    this.#clean.set(kind, clean);
    if (kind === 'metadata') cpSync(this.#file(`${kind}-clean`), this.#file('start'));
    return clean;
  }

  #file(name: string): string {
    return path.join(this.folder, `${name}.db`);
  }

  async #trial(
    kind: WorkflowKind,
    queue: string,
    fault: Fault,
    body: (trial: KindTrial, run: () => Promise<Outcome>) => Promise<void>
  ): Promise<void> {
    const file = this.#file(queue);
    if (kind !== 'metadata') cpSync(this.#file('start'), file);
    const { client, temporal } = this;
    const catalog = await startLocalCatalog({ file, port: 0 });
    this.proxy.reset(catalog.url);
    this.source.onSent(() => undefined);
    const [port] = await freePorts(1);
    const workers: WorkerProcess[] = [];
    const staging = path.join(this.folder, queue);
    const tokenFile = path.join(this.folder, `${queue}.token`);
    writeFileSync(tokenFile, catalog.token);
    const refusedBefore = this.limited.refused;
    const disturb: KindTrial['disturb'] = (given) => this.proxy.onCall((call) => fault.standing?.(call) ?? given(call));
    disturb(() => undefined);
    const facts = {
      ...{ kind, queue, client, catalog, tokenFile, staging, token: catalog.token, source: this.source, disturb },
      temporal: this.limited,
      refusals: () => this.limited.refused - refusedBefore,
      calls: () => this.proxy.calls,
      fullFlag: path.join(this.folder, `${queue}.full`),
      metrics: `127.0.0.1:${port}`,
    };
    const startWorker: KindTrial['startWorker'] = async (env = {}) => {
      const worker = await startWorkerProcess({ ...this.#environment(temporal.address, facts), ...env });
      workers.push(worker);
      return worker;
    };
    const killWorkers = (): Promise<unknown> => Promise.all(workers.map((each) => each.kill()));
    this.#stop = async () => {
      // it may not have begun, or be over
      await client.workflow
        .getHandle(queue)
        .terminate('the test took too long')
        .catch(() => undefined);
      await killWorkers();
    };
    try {
      const unready = { ...facts, startWorker } as KindTrial;
      const worker = await startWorker(fault.env?.(unready));
      const trial: KindTrial = { ...unready, worker };
      await fault.prepare?.(trial);
      await body(trial, async () => {
        const handle = await client.workflow.start(KINDS[kind].workflowType, {
          taskQueue: queue,
          workflowId: queue,
          args: [{ recipePath: `${kind}.yaml` }],
        });
        const report = (await handle.result()) as RunReport;
        return { report: steadyReport(report), catalog: settled(file) };
      });
    } finally {
      this.#stop = undefined;
      await killWorkers();
      await catalog.close();
    }
  }

  #environment(
    address: string,
    { queue, staging, tokenFile }: Pick<KindTrial, 'queue' | 'staging' | 'tokenFile'>
  ): Record<string, string> {
    return {
      TEMPORAL_ADDRESS: address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: path.join(this.folder, 'recipes'),
      OM_INGEST_STAGING: staging,
      OM_INGEST_HEARTBEAT_MS: '2000',
      OM_INGEST_SHUTDOWN_GRACE_MS: '500',
      OM_HOST_PORT: `${this.proxy.url}/api`,
      OM_JWT_TOKEN: tokenFile,
      MYSQL_SERVICE: SERVICE,
      MYSQL_HOST_PORT: `127.0.0.1:${this.source.port}`,
      MYSQL_USER: this.mariadb.user,
      MYSQL_PASSWORD: this.mariadb.password,
      TESTED_TABLE: `${SERVICE}.default.shop.t0`,
    };
  }
}
