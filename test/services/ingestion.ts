import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeShopDatabase } from '../../src/client/quickstart/shop-database.js';
import { startLocalCatalog, type LocalCatalog, type Release } from '../../src/local-catalog/index.js';
import { startCli, type CliProcess } from './cli.js';
import { sharedTemporal } from './temporal.js';

/** What a command needs around it: Temporal, a catalog, the shop database, a recipes folder; and workers when asked. */
export interface Ingestion {
  readonly folder: string;
  /**
   * Holds `shop.yaml`, the quickstart's recipe, and under the names that the docs use the same for a service `shop`:
   * `mysql/metadata.yaml`, `mysql/lineage.yaml` …
   */
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

/**
 * @param options.taskQueue default: one that no other test uses
 * @param options.env added to the environment of commands and workers
 * @param options.address a Temporal server other than the one that tests share
 * @param options.catalogFile default: the catalog is in memory
 * @param options.release the line of OpenMetadata's releases that the catalog plays
 */
export async function startIngestion(
  options: {
    taskQueue?: string;
    address?: string;
    env?: Readonly<Record<string, string>>;
    release?: Release;
    catalogFile?: string;
  } = {}
): Promise<Ingestion> {
  const folder = mkdtempSync(join(tmpdir(), 'om-ingestion-'));
  const recipesDir = join(folder, 'recipes');
  mkdirSync(recipesDir);
  copyFileSync('recipes/quickstart/metadata.yaml', join(recipesDir, 'shop.yaml'));
  mkdirSync(join(recipesDir, 'mysql'));
  for (const name of readdirSync('recipes/quickstart')) {
    const recipe = readFileSync(join('recipes/quickstart', name), 'utf8').replaceAll('quickstart_shop', 'shop');
    writeFileSync(join(recipesDir, 'mysql', name), recipe);
  }
  const database = join(folder, 'shop.db');
  makeShopDatabase(database);
  const address = options.address ?? (await sharedTemporal()).address;
  const catalog = await startLocalCatalog({
    file: options.catalogFile ?? ':memory:',
    port: 0,
    as: options.release ?? '2.0',
  });
  made += 1;
  const env = {
    TEMPORAL_ADDRESS: address,
    OM_INGEST_TASK_QUEUE: options.taskQueue ?? `test-${process.pid}-${made}`,
    OM_INGEST_RECIPES: recipesDir,
    OM_INGEST_STAGING: join(folder, 'staging'),
    // recipes that are sent name the shop's file
    OM_INGEST_FILES: folder,
    OM_INGEST_HEARTBEAT_MS: '2000',
    OM_HOST_PORT: catalog.hostPort,
    OM_JWT_TOKEN: catalog.token,
    QUICKSTART_DATABASE: database,
    ...options.env,
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
