import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { startFaultProxy, type FaultProxy, type ProxiedCall } from '../../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { startTcpProxy, type TcpProxy } from '../../services/tcp-proxy.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';

/** As many as make six units: 50 schemas are one. */
const SCHEMAS = 300;
/** Of all runs; one activity may hold as many. */
const MOST_SESSIONS = 4;
/** Each run opens one for a moment when it looks at its source. */
const LOOKING = 2;
/** Longer than a call waits by itself. */
const ASKED_S = 12;

describe('Two runs on two hosts against one account', function () {
  this.timeout(180_000);
  let mariadb: TestMariadb;
  let source: TcpProxy;
  let proxy: FaultProxy;
  let ingestion: Ingestion;
  let client: Client;
  const workers: WorkerProcess[] = [];

  before(async function () {
    if (!hasMariadb()) return this.skip();
    [mariadb, proxy, ingestion] = await Promise.all([startMariadb(), startFaultProxy(), startIngestion()]);
    source = await startTcpProxy(mariadb.port);
    proxy.reset(ingestion.catalog.url);
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    const schemas = Array.from({ length: SCHEMAS }, (_, n) => `shop_${n}`);
    await mariadb.run(schemas.map((name) => `CREATE DATABASE ${name}; CREATE TABLE ${name}.t (id INT)`).join(';\n'));
    const recipe = readFileSync('recipes/mysql/metadata.yaml', 'utf8');
    for (const service of ['one', 'two', 'three', 'four']) {
      const own = recipe.replaceAll('${MYSQL_SERVICE:-mysql}', service);
      const shared = own.replace('workflowConfig:\n', `workflowConfig:\n  config: { maxSessions: ${MOST_SESSIONS} }\n`);
      const narrow = own.replace('threads: 4', 'threads: 1');
      writeFileSync(
        path.join(ingestion.recipesDir, `${service}.yaml`),
        service === 'one' || service === 'two' ? shared : narrow
      );
    }
    const profiler = readFileSync('recipes/mysql/profiler.yaml', 'utf8')
      .replaceAll('${MYSQL_SERVICE:-mysql}', 'one')
      .replace('workflowConfig:\n  config:\n', `workflowConfig:\n  config:\n    maxSessions: ${MOST_SESSIONS}\n`)
      .replace('excludes:', 'includes: [^shop_1\\d$]\n        excludes:');
    writeFileSync(path.join(ingestion.recipesDir, 'profiler.yaml'), profiler);
    for (const host of ['a', 'b'])
      workers.push(
        await startWorkerProcess({
          ...ingestion.env,
          OM_INGEST_STAGING: path.join(ingestion.folder, `staging-${host}`),
          OM_HOST_PORT: `${proxy.url}/api`,
          MYSQL_HOST_PORT: `127.0.0.1:${source.port}`,
          MYSQL_USER: mariadb.user,
          MYSQL_PASSWORD: mariadb.password,
        })
      );
  });
  after(async () => {
    for (const worker of workers) await worker.kill();
    await client?.connection.close();
    await Promise.all([source?.close(), proxy?.close(), ingestion?.stop(), mariadb?.stop()]);
  });

  const runTogether = async (services: readonly string[]): Promise<void> => {
    const runs = await Promise.all(
      services.map((service) =>
        client.workflow.start('metadataWorkflow', {
          taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
          workflowId: `account-${service}-${process.pid}`,
          args: [{ recipePath: `${service}.yaml` }],
        })
      )
    );
    for (const run of runs) expect(((await run.result()) as RunReport).state).to.equal('success');
  };

  const sessions = async (): Promise<number> => {
    const [row] = await mariadb.query(
      `SELECT COUNT(*) AS sessions FROM information_schema.PROCESSLIST WHERE USER = '${mariadb.user}'`
    );
    return Number(row?.['sessions']);
  };

  it('have as many sessions all together as their recipes allow', async () => {
    source.onSent(() => sleep(2));
    let peak = 0;
    let over = false;
    const watching = (async () => {
      for (; !over; await sleep(10)) peak = Math.max(peak, await sessions());
    })();
    await runTogether(['one', 'two']).finally(() => (over = true));
    await watching;
    source.onSent(() => undefined);
    expect(peak).to.be.within(1, MOST_SESSIONS + LOOKING);
  });

  it('keep none beyond their end that they would have to share', async () => {
    const run = await client.workflow.start('profilerWorkflow', {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `account-profiler-${process.pid}`,
      args: [{ recipePath: 'profiler.yaml' }],
    });
    expect(((await run.result()) as RunReport).state).to.equal('success');
    // the server takes a moment to see that a session has ended
    for (const end = Date.now() + 5_000; (await sessions()) > 0 && Date.now() < end;) await sleep(50);
    expect(await sessions()).to.equal(0);
  });

  it('both slow down when OpenMetadata asks one of them to', async () => {
    const isBulk = ({ method, path: called }: ProxiedCall): boolean =>
      method === 'PUT' && called.includes('/tables/bulk');
    let bulks = 0;
    let askedAt = Infinity;
    const after: number[] = [];
    let second = (): void => undefined;
    const both = new Promise<void>((resolve) => (second = resolve));
    proxy.onCall((call) => {
      if (!isBulk(call)) return undefined;
      bulks += 1;
      if (askedAt < Infinity) after.push(Date.now() - askedAt);
      // each run has one publishing activity: when the second call comes, both are at it
      if (bulks === 2) second();
      if (bulks <= 2) return { kind: 'before', then: () => both };
      if (bulks > 3) return undefined;
      askedAt = Date.now();
      return { kind: 'status', status: 429, headers: { 'retry-after': String(ASKED_S) } };
    });
    await runTogether(['three', 'four']);
    proxy.onCall(() => undefined);
    const early = after.filter((milliseconds) => milliseconds < (ASKED_S - 1) * 1_000);
    // what an activity is at when the other run is asked it ends first
    expect(early.length, `calls after ${after.join(', ')} ms`).to.be.at.most(1);
    expect(after.length, 'calls later on').to.be.at.least(5);
  });
});
