import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { RunReport } from '../../src/report/index.js';
import { startTemporal } from '../../test/services/temporal.js';
import { startWorkerProcess } from '../../test/services/worker-process.js';
import { startCatalogProcess } from '../catalog-process.js';
import { peakRss } from '../peak-rss.js';

/** A whole run of one schema, on a worker that has run nothing before. */
export interface WorkerRun {
  readonly tables: number;
  /** Of the whole run: check, scopes, extraction, search for deleted tables. */
  readonly statements: number;
  readonly seconds: number;
  /** Highest resident memory of the worker's process, MiB. */
  readonly peakRss: number;
}

/**
 * Runs `metadataWorkflow` for one schema of database BENCH after the other, each with a worker and a catalog that are
 * processes of their own.
 * @param port of the emulator
 * @param schemas in the order they are run
 */
export async function* measureWorkers(port: number, schemas: readonly string[]): AsyncGenerator<WorkerRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'om-bench-'));
  const recipes = path.join(folder, 'recipes');
  mkdirSync(recipes);
  const temporal = await startTemporal();
  const connection = await Connection.connect({ address: temporal.address });
  try {
    for (const [index, schema] of schemas.entries()) {
      const queue = `bench-${index}`;
      const catalog = await startCatalogProcess(path.join(folder, `${queue}.db`));
      writeFileSync(path.join(recipes, `${queue}.yaml`), recipe(port, schema));
      const worker = await startWorkerProcess({
        TEMPORAL_ADDRESS: temporal.address,
        OM_INGEST_TASK_QUEUE: queue,
        OM_INGEST_RECIPES: recipes,
        OM_INGEST_STAGING: path.join(folder, queue),
        BENCH_PASSWORD: 'snow',
        BENCH_CATALOG: `${catalog.url}/api`,
        BENCH_TOKEN: catalog.token,
      });
      const started = performance.now();
      const report = (await new Client({ connection }).workflow.execute('metadataWorkflow', {
        taskQueue: queue,
        workflowId: queue,
        args: [{ recipePath: `${queue}.yaml` }],
      })) as RunReport;
      const seconds = (performance.now() - started) / 1000;
      if (report.state !== 'success') throw new Error(`The run ended as ${report.state}: ${JSON.stringify(report)}`);
      // Database and schema are records as well.
      const tables = (report.steps[0]?.records ?? 0) - 2;
      const statements = report.steps.reduce((sum, step) => sum + step.statements, 0);
      yield { tables, statements, seconds, peakRss: peakRss(worker.pid) };
      await worker.kill();
      catalog.process.child.kill('SIGTERM');
      await catalog.process.ended;
    }
  } finally {
    await connection.close();
    await temporal.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function recipe(port: number, schema: string): string {
  return `
source:
  type: snowflake
  serviceName: bench
  serviceConnection:
    config:
      type: Snowflake
      account: fakesnow
      username: fake
      password: \${BENCH_PASSWORD}
      warehouse: COMPUTE_WH
      database: BENCH
      connectionArguments: {host: 127.0.0.1, port: ${port}, protocol: http}
  sourceConfig:
    config:
      type: DatabaseMetadata
      schemaFilterPattern: {includes: ["^${schema}$"]}
      threads: 4
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${BENCH_CATALOG}
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${BENCH_TOKEN}"}
ingestionPipelineFQN: bench.metadata
`;
}
