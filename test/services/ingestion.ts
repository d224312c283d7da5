import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeShopDatabase } from '../../src/client/quickstart/shop-database.js';
import { startLocalCatalog, type LocalCatalog } from '../../src/local-catalog/index.js';
import { startCli, type CliProcess } from './cli.js';
import { sharedTemporal } from './temporal.js';

/** What a command needs around it: Temporal, a catalog, the shop database, a recipes folder; and workers when asked. */
export interface Ingestion {
  readonly folder: string;
  /** Holds `shop.yaml`, the quickstart's recipe. */
  readonly recipesDir: string;
  readonly catalog: LocalCatalog;
  readonly address: string;
  /** For commands and workers: where Temporal, catalog and database are, and a task queue of this test's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts an `om-ingest worker` process and waits until it takes tasks. */
  startWorker(): Promise<CliProcess>;
  stop(): Promise<void>;
}

let made = 0;

/** @param options.taskQueue default: one that no other test uses */
export async function startIngestion(options: { taskQueue?: string } = {}): Promise<Ingestion> {
  const folder = mkdtempSync(join(tmpdir(), 'om-ingestion-'));
  const recipesDir = join(folder, 'recipes');
  mkdirSync(recipesDir);
  copyFileSync('recipes/quickstart/metadata.yaml', join(recipesDir, 'shop.yaml'));
  const database = join(folder, 'shop.db');
  makeShopDatabase(database);
  const { address } = await sharedTemporal();
  const catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
  made += 1;
  const env = {
    TEMPORAL_ADDRESS: address,
    OM_INGEST_TASK_QUEUE: options.taskQueue ?? `test-${process.pid}-${made}`,
    OM_INGEST_RECIPES: recipesDir,
    OM_INGEST_STAGING: join(folder, 'staging'),
    OM_INGEST_HEARTBEAT_MS: '2000',
    OM_HOST_PORT: catalog.hostPort,
    OM_JWT_TOKEN: catalog.token,
    QUICKSTART_DATABASE: database,
  };
  const workers: CliProcess[] = [];
  return {
    folder,
    recipesDir,
    catalog,
    address,
    env,
    startWorker: async () => {
      const worker = startCli(['worker'], { env, cwd: folder });
      workers.push(worker);
      await worker.until('worker is ready');
      return worker;
    },
    stop: async () => {
      for (const worker of workers) {
        worker.child.kill('SIGTERM');
        await worker.ended;
      }
      await catalog.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
