import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, type CliOutcome } from '../../services/cli.js';
import { startFaultProxy, type FaultProxy } from '../../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

const yesterday = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
const stored = z.object({ usage: z.array(z.object({ dailyStats: z.object({ count: z.number() }) })) });

describe('usage while the catalog fails', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let proxy: FaultProxy;

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const count = async (what: string): Promise<number | undefined> => {
    const { url, token } = ingestion.catalog;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}/api/v1/usage/${what}?date=${yesterday}&days=1`, { headers });
    return stored.parse(await answer.json()).usage[0]?.dailyStats.count;
  };

  before(async () => {
    [ingestion, proxy] = await Promise.all([
      startIngestion({ env: { OM_INGEST_HEARTBEAT_MS: '2000' } }),
      startFaultProxy(),
    ]);
    proxy.reset(ingestion.catalog.url);
    const log = join(ingestion.folder, 'log.csv');
    const row = `"SELECT * FROM orders",shop,main,jane,${yesterday} 10:00:00`;
    writeFileSync(log, ['query_text,database_name,schema_name,user_name,start_time', row, row, ''].join('\n'));
    const recipe = readFileSync('recipes/quickstart/usage.yaml', 'utf8')
      .replace(/queryLogFilePath: .*/, `queryLogFilePath: ${log}`)
      .replace(/hostPort: .*/, `hostPort: ${proxy.url}/api`);
    writeFileSync(join(ingestion.recipesDir, 'usage.yaml'), recipe);
    await ingestion.startWorker();
    expect((await cli('run', 'shop.yaml')).code).to.equal(0);
  });
  after(async () => {
    await ingestion.stop();
    await proxy.close();
  });

  it('is sent by the same attempt, once, and the status says meanwhile what fails and since when', async () => {
    let fails = true;
    proxy.onCall(({ method, path }) => {
      const isCount = method !== 'GET' && path.startsWith('/api/v1/usage/table/');
      return isCount && fails ? { kind: 'status', status: 503 } : undefined;
    });
    const { stderr } = await cli('run', 'usage.yaml', '--detach', '--id', 'failing');
    let stdout = '';
    for (const end = Date.now() + 60_000; !stdout.includes('waits in') && Date.now() < end; await sleep(200))
      ({ stdout } = await cli('status', 'failing'));
    expect(stdout, stderr).to.match(
      /waits in publishUsage: \d+ calls? ha(s|ve) failed since \S+Z, .* looked up .* The newest: POST \/v1\/usage\/table\/\S+ on \S+ answered 503/
    );
    fails = false;
    for (const end = Date.now() + 90_000; !stdout.includes('completed') && Date.now() < end; await sleep(500))
      ({ stdout } = await cli('status', 'failing'));
    expect(stdout).to.contain('completed').and.to.contain('success');
    expect([
      await count('table/name/quickstart_shop.shop.main.orders'),
      await count('databaseSchema/name/quickstart_shop.shop.main'),
      await count('database/name/quickstart_shop.shop'),
    ]).to.deep.equal([2, 2, 2]);
  });

  it('that takes a call and does not answer it is named by the status, with the call and since when', async () => {
    let hung = false;
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    proxy.onCall(({ path }) => {
      if (hung || !path.startsWith('/api/v1/queries')) return undefined;
      hung = true;
      return { kind: 'before', then: () => held };
    });
    const { stderr } = await cli('run', 'usage.yaml', '--detach', '--id', 'silent');
    let stdout = '';
    for (const end = Date.now() + 60_000; !stdout.includes('waits in') && Date.now() < end; await sleep(200))
      ({ stdout } = await cli('status', 'silent'));
    answer();
    expect(stdout, stderr).to.match(
      /waits in publishUsage: OpenMetadata has not answered GET \/v1\/queries since \S+Z: 300 s without an answer end it/
    );
    for (const end = Date.now() + 60_000; !stdout.includes('completed') && Date.now() < end; await sleep(500))
      ({ stdout } = await cli('status', 'silent'));
    expect(stdout).to.contain('success').and.not.to.contain('waits in');
  });
});
