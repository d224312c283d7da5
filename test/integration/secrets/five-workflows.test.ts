import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createClient, readTemporalSettings, type IngestionClient } from '../../../src/index.js';
import { KIND_NAMES, type WorkflowKind } from '../../../src/contract/kinds.js';
import type { CliProcess } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { decoded, historyOf, secretsIn, textsBelow } from '../../services/secret-search.js';
import { startTattlingProxy, type TattlingProxy } from '../../services/tattling-proxy.js';

/** Short, and a part of every name of these runs. */
const SHORT_PASSWORD = 'snow';
const SERVICE = 'shop_snowflake';
/** Values that no server takes. */
const WRONG_PASSWORD = 'Sent1nel-pass/+w0rd@:';
const WRONG_TOKEN = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"sentinel-token","isBot":true}').toString('base64url')}.c2VudGluZWw`;
/** A name that a mask cut. */
const DAMAGED = /shop_\*\*\*|\*\*\*flake/;

/** How the runs of one kind end. */
type End = 'right' | 'wrong-password' | 'wrong-token';

describe('Secrets of all five workflows', function () {
  this.timeout(180_000);
  let mariadb: TestMariadb;
  let ingestion: Ingestion;
  let proxy: TattlingProxy;
  let client: IngestionClient;
  let worker: CliProcess;
  const ids: string[] = [];
  const ends = new Map<string, string>();

  before(async function () {
    if (!hasMariadb()) return this.skip();
    mariadb = await startMariadb();
    await mariadb.run(`CREATE DATABASE shop; USE shop;
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(80));
CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT, amount INT, ordered_at DATETIME);
CREATE TABLE orders_archive (id INT PRIMARY KEY);
CREATE VIEW big_orders AS SELECT id, amount FROM orders WHERE amount > 10;
INSERT INTO orders VALUES (1, 1, 5, UTC_TIMESTAMP()), (2, 2, -5, UTC_TIMESTAMP());
CREATE USER short IDENTIFIED BY '${SHORT_PASSWORD}';
GRANT SELECT, SHOW VIEW, EXECUTE ON *.* TO short`);
    await mariadb.logStatements(true);
    await mariadb.run(
      'INSERT INTO shop.orders_archive SELECT id FROM shop.orders; SELECT COUNT(*) FROM shop.big_orders'
    );
    ingestion = await startIngestion();
    proxy = await startTattlingProxy(ingestion.catalog.hostPort, 4);
    Object.assign(ingestion.env, {
      OM_HOST_PORT: proxy.hostPort,
      MYSQL_SERVICE: SERVICE,
      TESTED_TABLE: `${SERVICE}.default.shop.orders`,
      MYSQL_HOST_PORT: mariadb.hostPort,
      MYSQL_USER: 'short',
      MYSQL_PASSWORD: SHORT_PASSWORD,
    });
    worker = await ingestion.startWorker();
    client = await createClient({
      settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }),
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
    });
    for (const kind of KIND_NAMES) await run(kind, 'right');
    await Promise.all(KIND_NAMES.flatMap((kind) => [run(kind, 'wrong-password'), run(kind, 'wrong-token')]));
    worker.child.kill('SIGTERM');
    await worker.ended;
  });
  after(async () => {
    await client?.close();
    await proxy?.close();
    await ingestion?.stop();
    await mariadb?.stop();
  });

  /** Right ones by reference; wrong ones stand in the recipe file in plain text. */
  async function run(kind: WorkflowKind, end: End): Promise<void> {
    const recipePath = `${end}-${kind}.yaml`;
    let text = readFileSync(`recipes/mysql/${kind}.yaml`, 'utf8');
    if (end === 'wrong-password') text = text.replace('${MYSQL_PASSWORD}', `"${WRONG_PASSWORD}"`);
    if (end === 'wrong-token') text = text.replace('${OM_JWT_TOKEN}', WRONG_TOKEN);
    writeFileSync(join(ingestion.recipesDir, recipePath), text);
    const workflowId = `om-${SERVICE}.${kind}-${end}`;
    ids.push(workflowId);
    const started = await client.start({ recipePath, kind }, { workflowId });
    const state = await started.wait().then(
      (report) => report.state,
      (error: unknown) => (error instanceof Error ? error.message : String(error))
    );
    ends.set(`${kind} ${end}`, state);
  }

  function found(where: string, text: string): string[] {
    const hits = secretsIn(where, text, { WRONG_PASSWORD, WRONG_TOKEN, token: ingestion.catalog.token });
    const cut = DAMAGED.exec(text);
    return cut === null
      ? hits
      : [...hits, `a name cut in ${where}: ${text.slice(Math.max(0, cut.index - 60), cut.index + 60)}`];
  }

  it('meet refusals of every kind on the way: of the source, of the token, and of single calls', () => {
    expect(proxy.told).to.be.above(4);
    for (const kind of KIND_NAMES) {
      // its calls are refused now and then: what that costs, the run says itself
      expect(ends.get(`${kind} right`), kind)
        .to.match(/^(success|partialSuccess)$|failed/)
        // a port may have these figures in it
        .and.not.match(/refused the user|\b401\b/);
      expect(ends.get(`${kind} wrong-token`), kind).to.match(/401|token/i);
      expect(ends.get(`${kind} wrong-password`), kind).to.match(/refused the user or password|failed|partialSuccess/);
    }
  });

  it('stand in no history, whose names are whole', async () => {
    const hits: string[] = [];
    for (const id of ids) {
      const history = await historyOf(id, ingestion.address);
      hits.push(...found(`the history of ${id}`, history), ...found(`the decoded history of ${id}`, decoded(history)));
      expect(decoded(history), id).to.include(SERVICE);
    }
    expect(hits).to.deep.equal([]);
  });

  it('stand in no line of the log, each of which is the JSON that it was', async () => {
    const { stderr } = await worker.ended;
    expect(found('the log', stderr)).to.deep.equal([]);
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    for (const line of lines) expect(JSON.parse(line)).to.include.keys('level', 'time', 'msg');
    expect(lines.some((line) => line.includes(`"workflowId":"om-${SERVICE}.metadata-wrong-password"`))).to.equal(true);
    expect(stderr).to.include('***');
  });

  it('stand in no staged file', () => {
    const files = textsBelow(ingestion.env['OM_INGEST_STAGING'] ?? '');
    expect(files.length).to.be.above(0);
    expect(files.flatMap(([file, text]) => found(file, text))).to.deep.equal([]);
  });

  it('are told to OpenMetadata nowhere but with the connection of the service', () => {
    expect(proxy.sent.length).to.be.above(20);
    expect(found('what was sent', proxy.sent.join('\n'))).to.deep.equal([]);
    expect(proxy.sent.join('\n')).to.include(`"name":"${SERVICE}`);
  });
});
