import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { SIDE_WORKFLOWS } from '../../../src/contract/names.js';
import { runCli, startCli, type CliOutcome } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';

/** What the docs promise, and the look of a busy machine. */
const SOON_MS = 20_000;

describe('a usage run that waits for workers', function () {
  this.timeout(120_000);
  let ingestion: Ingestion;
  let client: Client;
  const workers: WorkerProcess[] = [];

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const startWorker = async (stages: string): Promise<void> => {
    workers.push(await startWorkerProcess({ ...ingestion.env, OM_INGEST_STAGES: stages }));
  };
  const ended = async (id: string): Promise<string> => {
    let stdout = '';
    for (const end = Date.now() + 60_000; !stdout.includes('completed') && Date.now() < end; await sleep(500))
      ({ stdout } = await cli('status', id));
    return stdout;
  };

  before(async () => {
    ingestion = await startIngestion();
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
    const log = join(ingestion.folder, 'log.csv');
    const row = `"SELECT * FROM orders",shop,main,${new Date().toISOString().slice(0, 10)} 00:00:00`;
    writeFileSync(log, ['query_text,database_name,schema_name,start_time', row, ''].join('\n'));
    const recipe = readFileSync('recipes/quickstart/usage.yaml', 'utf8');
    writeFileSync(
      join(ingestion.recipesDir, 'usage.yaml'),
      recipe.replace(/queryLogFilePath: .*/, `queryLogFilePath: ${log}`)
    );
    await startWorker('io');
    expect((await cli('run', 'shop.yaml')).code).to.equal(0);
  });
  after(async () => {
    for (const worker of workers) await worker.kill();
    await client?.connection.close();
    await ingestion?.stop();
  });

  it('says which workers are missing, since when, and goes on when they are there', async () => {
    const command = startCli(['run', 'usage.yaml', '--id', 'unparsed'], { env: ingestion.env, cwd: ingestion.folder });
    const said =
      /waits in parseUsage: no worker takes tasks from \S+\.parse: start one on the same staging store with `--stages parse` or `--stages all` \(the default\)\. Waiting since \S+Z\./;
    const begun = Date.now();
    await command.until('waits in parseUsage');
    expect(Date.now() - begun).to.be.below(SOON_MS);
    expect((await cli('status', 'unparsed')).stdout).to.match(said);
    await startWorker('parse');
    const { code, stderr } = await command.ended;
    expect([code, stderr]).to.satisfy(([exit, text]: [number, string]) => exit === 0 && said.test(text));
  });

  it('names the publisher of another run that it waits for and that does not answer', async () => {
    const publisher = 'om-usage-publish-quickstart_shop';
    const dead = await client.workflow.start(SIDE_WORKFLOWS.usagePublish, {
      taskQueue: `${ingestion.env['OM_INGEST_TASK_QUEUE']}-dead`,
      workflowId: publisher,
      args: [],
    });
    const command = startCli(['run', 'usage.yaml', '--id', 'second'], { env: ingestion.env, cwd: ingestion.folder });
    await command.until(`waits in ${publisher}`);
    expect((await cli('status', 'second')).stdout).to.match(
      new RegExp(
        `waits in ${publisher}: it does not answer: no worker of its task queue \\S+-dead takes its next task\\. Waiting since \\S+Z\\.`
      )
    );
    await dead.terminate();
    expect(await ended('second')).to.contain('completed');
    expect((await command.ended).code).to.equal(0);
  });
});
