import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import Database from 'libsql';
import type mysql from 'mysql2/promise';
import { z } from 'zod';
import { startLocalCatalog } from '../../../src/local-catalog/index.js';
import type { RunReport } from '../../../src/report/index.js';
import { startFaultProxy, type FaultProxy } from '../../services/fault-proxy.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { mariadbEnvironment } from '../../services/mariadb-environment.js';
import { sharedTemporal } from '../../services/temporal.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';

/** What lineage a catalog holds: its edges, and the texts that were stored with the tables they name. */
export interface HeldLineage {
  readonly edges: readonly unknown[];
  readonly queries: readonly unknown[];
}

/** One run of lineage against a copy of the catalog that the metadata run left. */
export interface LineageTrial {
  readonly proxy: FaultProxy;
  readonly worker: WorkerProcess;
  readonly staging: string;
  /** The catalog's database. */
  readonly file: string;
  readonly catalog: { readonly url: string; readonly token: string };
  startWorker(): Promise<WorkerProcess>;
  start(recipe?: string): Promise<WorkflowHandleWithFirstExecutionRunId>;
  run(recipe?: string): Promise<RunReport>;
  held(): HeldLineage;
}

const etl = z.array(z.tuple([z.string(), z.string()]));
const text = z.string();

/** A MariaDB with its general_log on, the warehouse of test/data/lineage-run, and a catalog that knows its tables. */
export class LineageLab {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'om-lineage-'));
  readonly recipes: string = path.join(this.#folder, 'recipes');
  readonly #clients: Client[] = [];
  #trials = 0;

  private constructor(
    readonly mariadb: TestMariadb,
    private readonly proxy: FaultProxy,
    private readonly address: string
  ) {}

  static async open(): Promise<LineageLab> {
    const [mariadb, proxy, temporal] = await Promise.all([
      startMariadb({ arguments: ['--general-log=1'] }),
      startFaultProxy(),
      sharedTemporal(),
    ]);
    const lab = new LineageLab(mariadb, proxy, temporal.address);
    mkdirSync(lab.recipes);
    cpSync('recipes/mysql/metadata.yaml', path.join(lab.recipes, 'metadata.yaml'));
    cpSync('recipes/mysql/lineage.yaml', path.join(lab.recipes, 'lineage.yaml'));
    await mariadb.run(readFileSync('test/data/lineage-run/warehouse.sql', 'utf8'));
    await lab.trial(async (trial) => void (await trial.run('metadata.yaml')), 'start');
    await mariadb.run('TRUNCATE mysql.general_log');
    return lab;
  }

  /**
   * Runs the ETL of test/data, as an application would: one connection a schema. No two statements start in the same
   * millisecond: of texts that make the same edge the later one stays with it, and times of the log are taken to the
   * millisecond.
   */
  async runEtl(): Promise<void> {
    const connections = new Map<string, mysql.Connection>();
    for (const [schema, statement] of etl.parse(JSON.parse(readFileSync('test/data/lineage-run/etl.json', 'utf8')))) {
      const open =
        connections.get(schema) ?? (await this.mariadb.connect(schema === '' ? undefined : schema, this.#root()));
      connections.set(schema, open);
      await open.query(statement);
      await sleep(3);
    }
    await Promise.all([...connections.values()].map((each) => each.end()));
  }

  /** Runs many long texts of the same lineage as the ETL: several chunks of them. */
  async runBulk(count: number): Promise<void> {
    const padding = 'a long comment, as generators write them; '.repeat(25);
    const insert = (n: number): string =>
      `/* ${padding} ${n} */ INSERT INTO ranked (id, total) SELECT id, total FROM shop.orders WHERE id = ${n}`;
    const texts = Array.from({ length: count }, (_, n) => insert(n));
    await this.mariadb.runSession('mart', texts, this.#root());
  }

  /** A catalog, a staging folder, a queue and a worker of its own. */
  async trial(body: (trial: LineageTrial) => Promise<void>, name = `trial-${(this.#trials += 1)}`): Promise<void> {
    const file = path.join(this.#folder, `${name}.db`);
    if (name !== 'start') cpSync(path.join(this.#folder, 'start.db'), file);
    const catalog = await startLocalCatalog({ file, port: 0 });
    this.proxy.reset(catalog.url);
    const staging = path.join(this.#folder, name);
    const queue = `lineage-${process.pid}-${name}`;
    const env = {
      TEMPORAL_ADDRESS: this.address,
      OM_INGEST_TASK_QUEUE: queue,
      OM_INGEST_RECIPES: this.recipes,
      OM_INGEST_STAGING: staging,
      OM_INGEST_HEARTBEAT_MS: '2000',
      OM_HOST_PORT: `${this.proxy.url}/api`,
      OM_JWT_TOKEN: catalog.token,
      ...mariadbEnvironment(this.mariadb),
    };
    const workers: WorkerProcess[] = [];
    const startWorker = async (): Promise<WorkerProcess> => {
      const worker = await startWorkerProcess(env);
      workers.push(worker);
      return worker;
    };
    const client = new Client({ connection: await Connection.connect({ address: this.address }) });
    let runs = 0;
    const start = (recipe = 'lineage.yaml'): Promise<WorkflowHandleWithFirstExecutionRunId> =>
      client.workflow.start(workflowOf(recipe), {
        taskQueue: queue,
        workflowId: `${queue}-${(runs += 1)}`,
        args: [{ recipePath: recipe }],
      });
    try {
      const worker = await startWorker();
      await body({
        proxy: this.proxy,
        worker,
        staging,
        file,
        catalog: { url: catalog.url, token: catalog.token },
        startWorker,
        start,
        run: async (recipe) => (await (await start(recipe)).result()) as RunReport,
        held: () => heldBy(file),
      });
    } finally {
      await Promise.all(workers.map((each) => each.kill()));
      await client.connection.close();
      await catalog.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([
      this.mariadb.stop(),
      this.proxy.close(),
      ...this.#clients.map((each) => each.connection.close()),
    ]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #root(): mysql.ConnectionOptions {
    return { socketPath: this.mariadb.socketPath, user: 'root', password: '' };
  }
}

/** By the recipe's name. */
function workflowOf(recipe: string): string {
  const kind = ['metadata', 'usage'].find((each) => recipe.startsWith(each)) ?? 'lineage';
  return `${kind}Workflow`;
}

const edgeRow = z.object({ from: text, to: text, source: text, details: text });
const details = z.object({
  columnsLineage: z.array(z.object({ fromColumns: z.array(text), toColumn: text })).default([]),
  sqlQuery: z.string().optional(),
  tempLineageTables: z.array(z.unknown()).optional(),
});
const query = z.object({
  query: text,
  processedLineage: z.boolean(),
  queryUsedIn: z.array(z.object({ fullyQualifiedName: text })),
});

function heldBy(file: string): HeldLineage {
  const database = new Database(file);
  try {
    database.pragma('busy_timeout = 5000');
    const edges = z.array(edgeRow).parse(
      database
        .prepare(
          `SELECT f.fqn AS "from", t.fqn AS "to", e.source AS source, e.details AS details FROM lineage_edges e
           JOIN entities f ON f.id = e.from_id JOIN entities t ON t.id = e.to_id WHERE f.type = 'table' ORDER BY t.fqn, f.fqn`
        )
        .all()
    );
    const queries = z
      .array(z.object({ document: text }))
      .parse(database.prepare("SELECT document FROM entities WHERE type = 'query'").all());
    return {
      edges: edges.map((edge) => {
        const { columnsLineage, ...rest } = details.parse(JSON.parse(edge.details));
        const columns = columnsLineage.map(
          ({ fromColumns, toColumn }) => `${fromColumns.map(short).join(' + ')} → ${short(toColumn)}`
        );
        return { from: edge.from, to: edge.to, source: edge.source, columns: columns.sort(), ...rest };
      }),
      queries: queries
        .map(({ document }) => query.parse(JSON.parse(document)))
        .map((each) => ({
          query: each.query,
          processed: each.processedLineage,
          usedIn: each.queryUsedIn.map((used) => used.fullyQualifiedName).sort(),
        }))
        .sort((left, right) => (left.query < right.query ? -1 : 1)),
    };
  } finally {
    database.close();
  }
}

function short(columnFqn: string): string {
  return columnFqn.split('.').slice(-2).join('.');
}
