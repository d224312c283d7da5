import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createClient, readTemporalSettings, type IngestionClient } from '../../../src/index.js';
import { KIND_NAMES, type WorkflowKind } from '../../../src/contract/kinds.js';
import type { CliProcess } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { decoded, historyOf, secretsIn, textsBelow } from '../../services/secret-search.js';
import { DENIED, startClouds, type Clouds } from './clouds.js';

const SERVICE = 'shop_managed';
/** A value that a manager has, and no server takes. */
const WRONG = 'Sent1nel-managed/+w0rd@:';
/** Each with a workflow of its own, so that all five resolve. */
const PROVIDERS: readonly (readonly [provider: string, kind: WorkflowKind, prefix: string])[] = [
  ['managed-aws', 'metadata', '/om/'],
  ['aws-ssm', 'lineage', '/om/'],
  ['managed-azure-kv', 'usage', ''],
  ['gcp', 'profiler', ''],
  ['kubernetes', 'data-quality', ''],
];
const FAILURES = ['wrong', 'missing', DENIED] as const;

describe('Secrets of every manager, asked by its own SDK in a worker', function () {
  this.timeout(300_000);
  let mariadb: TestMariadb;
  let clouds: Clouds;
  let ingestion: Ingestion;
  let client: IngestionClient;
  let worker: CliProcess;
  const ids: string[] = [];
  const ends = new Map<string, string>();

  before(async function () {
    if (!hasMariadb()) return this.skip();
    mariadb = await startMariadb();
    await mariadb.run(`CREATE DATABASE shop; USE shop;
CREATE TABLE customers (id INT PRIMARY KEY);
CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, amount INT, ordered_at DATETIME);
CREATE TABLE orders_archive (id INT PRIMARY KEY);
INSERT INTO orders VALUES (1, 1, 5, UTC_TIMESTAMP())`);
    await mariadb.logStatements(true);
    ingestion = await startIngestion();
    clouds = await startClouds(ingestion.folder, { right: mariadb.password, wrong: WRONG });
    Object.assign(ingestion.env, clouds.env, {
      MYSQL_SERVICE: SERVICE,
      TESTED_TABLE: `${SERVICE}.default.shop.orders`,
      MYSQL_HOST_PORT: mariadb.hostPort,
      MYSQL_USER: mariadb.user,
    });
    worker = await ingestion.startWorker();
    client = await createClient({
      settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }),
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
    });
    for (const [provider, kind, prefix] of PROVIDERS) await run(provider, kind, 'right', `secret:${prefix}right`);
    const failing = PROVIDERS.flatMap(([provider, kind, prefix]) =>
      FAILURES.map((end) => run(provider, kind, end, `secret:${prefix}${end}`))
    );
    await Promise.all(failing);
    worker.child.kill('SIGTERM');
    await worker.ended;
  });
  after(async () => {
    await client?.close();
    await ingestion?.stop();
    await clouds?.stop();
    await mariadb?.stop();
  });

  async function run(provider: string, kind: WorkflowKind, end: string, reference: string): Promise<void> {
    const recipePath = `${provider}-${end}.yaml`;
    const text = readFileSync(`recipes/mysql/${kind}.yaml`, 'utf8')
      .replace('${MYSQL_PASSWORD}', reference)
      .replace(
        'authProvider: openmetadata',
        `authProvider: openmetadata\n    secretsManagerProvider: ${provider}\n    secretsManagerLoader: env`
      );
    writeFileSync(join(ingestion.recipesDir, recipePath), text);
    const workflowId = `om-${provider}-${end}`;
    ids.push(workflowId);
    const started = await client.start({ recipePath, kind }, { workflowId });
    const state = await started.wait().then(
      (report) => report.state,
      (error: unknown) => (error instanceof Error ? error.message : String(error))
    );
    ends.set(`${provider} ${end}`, state);
  }

  const found = (where: string, text: string): string[] =>
    secretsIn(where, text, { WRONG, token: ingestion.catalog.token, ...clouds.credentials });

  it('resolve in each workflow, are refused by the source where they are wrong, and end the run where there is none', () => {
    expect(PROVIDERS.map(([, kind]) => kind)).to.have.members(KIND_NAMES);
    for (const [provider, , prefix] of PROVIDERS) {
      expect(ends.get(`${provider} right`), provider).to.equal('success');
      expect(ends.get(`${provider} wrong`), provider).to.match(/refused the user or password|failed|partialSuccess/);
      expect(ends.get(`${provider} missing`), provider).to.include(`${prefix}missing`);
      expect(ends.get(`${provider} ${DENIED}`), provider).to.include(prefix === '' ? 'does not let' : 'no such secret');
    }
    expect([...clouds.asked]).to.include.members(['shop-vault.vault.azure.net', 'secretmanager.googleapis.com']);
  });

  it('stand with the credentials of the managers in no history, log line or staged file', async () => {
    const hits: string[] = [];
    for (const id of ids) {
      const history = await historyOf(id, ingestion.address);
      hits.push(...found(`the history of ${id}`, history), ...found(`the decoded history of ${id}`, decoded(history)));
    }
    const { stderr } = await worker.ended;
    const files = textsBelow(ingestion.env['OM_INGEST_STAGING'] ?? '');
    expect(files.length).to.be.above(0);
    hits.push(...found('the log', stderr), ...files.flatMap(([file, text]) => found(file, text)));
    expect(hits).to.deep.equal([]);
  });
});
