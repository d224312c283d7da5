import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { z } from 'zod';
import { createClient, readTemporalSettings, type IngestionClient } from '../../src/client/index.js';
import { runCli, startCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';

const ID = 'om-quickstart_shop.metadata';
const SHOP = { recipePath: 'shop.yaml', workflowId: ID };
/** Never due by itself. */
const NEVER = '0 3 1 1 * 2099';
const PROMISES = sectionOf(readFileSync('docs/schedules.md', 'utf8'), '## Two at once, and outages');

/** A test of a sentence that stands in the docs. */
function promised(sentence: string, check: () => Promise<void>): void {
  it(sentence, async () => {
    expect(PROMISES).to.contain(sentence);
    await check();
  });
}

function clientAt(address: string, taskQueue: string): Promise<IngestionClient> {
  return createClient({ settings: readTemporalSettings({ TEMPORAL_ADDRESS: address }), taskQueue });
}

describe('Two at once, and outages', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: IngestionClient;

  before(async () => {
    ingestion = await startIngestion();
    client = await clientAt(ingestion.address, ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '');
  });
  after(async () => {
    await client.close();
    await ingestion.stop();
  });

  const run = (...flags: string[]): Promise<CliOutcome> =>
    runCli(['run', 'shop.yaml', ...flags], { env: ingestion.env, cwd: ingestion.folder });

  promised('Two starts of one recipe at the same moment make one run', async () => {
    const starts = await Promise.all([run('--detach'), run('--detach')]);
    expect(starts.map(({ code }) => code)).to.have.members([0, 2]);
    const refused = starts.find(({ code }) => code === 2)?.stderr;
    expect(refused).to.match(new RegExp(`^error: ${ID} is already running`));
    await client.attach(ID).cancel();
  });

  promised('A trigger while a run of the schedule is under way starts none, and names that run.', async () => {
    await client.schedules.apply(SHOP, { cron: NEVER, scheduleId: 'busy' });
    const { started = '' } = await client.schedules.trigger('busy');
    expect(started).to.match(/^busy-\d{4}/);
    // a second trigger within the same second would be the same nominal time
    await sleep(1_100);
    expect(await client.schedules.trigger('busy')).to.deep.equal({ skippedFor: started });
    await client.attach(started).cancel();
    await client.schedules.delete('busy');
  });

  promised('A manual start beside a scheduled run makes a run of its own', async () => {
    // runs of this id were asked to stop before; they end as soon as there is a worker
    await client.schedules.apply(SHOP, { cron: NEVER, scheduleId: 'nightly' });
    const { started = '' } = await client.schedules.trigger('nightly');
    const manual = await client.start(SHOP, { workflowId: 'manual' });
    await ingestion.startWorker();
    const [scheduled, own] = await Promise.all([client.attach(started).wait(), manual.wait()]);
    expect(scheduled).to.include({ state: 'success' });
    expect(own).to.include({ state: 'success' });
    const tables = await tablesOf(ingestion);
    expect(tables).to.have.length(13);
    expect(new Set(tables)).to.have.property('size', 13);
  });

  promised('Two starts with the same `--id` at the same moment make one run, and both print its report.', async () => {
    const [left, right] = await Promise.all([run('--id', 'joined', '--json'), run('--id', 'joined', '--json')]);
    expect(left.code, left.stderr).to.equal(0);
    expect(right).to.deep.equal(left);
    expect(JSON.parse(left.stdout)).to.include({ state: 'success' });
  });

  promised(
    'A run that was due without a worker waits for one and keeps its nominal time; what is due while it waits is skipped.',
    async () => {
      const queue = `${ingestion.env['OM_INGEST_TASK_QUEUE']}-late`;
      const due = soon();
      const alsoDue = new Date(due.getTime() + 2_000);
      const cron = [secondOf(due), secondOf(alsoDue)];
      await client.schedules.apply(SHOP, { cron, scheduleId: 'late', taskQueue: queue });
      const runId = `late-${due.toISOString().replace('.000', '')}`;
      await eventually(async () => (await client.schedules.show('late')).skipped === 1);
      expect(await client.attach(runId).describe()).to.include({ status: 'RUNNING', taskQueue: queue });
      const worker = startCli(['worker'], {
        env: { ...ingestion.env, OM_INGEST_TASK_QUEUE: queue },
        cwd: ingestion.folder,
      });
      expect(await client.attach(runId).wait()).to.include({ state: 'success' });
      worker.child.kill('SIGTERM');
      await worker.ended;
      expect(await anchorOf(ingestion.address, runId)).to.equal(due.getTime());
      expect((await client.schedules.show('late')).taken).to.equal(1);
    }
  );
});

describe('Two at once, and outages of the Temporal server', function () {
  this.timeout(240_000);
  let temporal: TestTemporal;
  let client: IngestionClient;

  before(async () => {
    temporal = await startTemporal();
    client = await clientAt(temporal.address, 'nobody');
  });
  after(async () => {
    await client.close();
    await temporal.stop();
  });

  promised(
    'A start that Temporal missed while it was down is made up for within the catch-up window, and counted as missed beyond it.',
    async () => {
      const due = soon();
      const schedule = { cron: secondOf(due) };
      await client.schedules.apply(SHOP, { ...schedule, scheduleId: 'caught-up' });
      await client.schedules.apply(SHOP, { ...schedule, scheduleId: 'missed', catchUp: '10s' });
      // a schedule counts from when the server first looked at it
      await eventually(async () => (await client.schedules.show('missed')).next.length === 1);
      await sleep(1_000);
      await temporal.kill();
      await sleep(due.getTime() - Date.now() + 12_000);
      await temporal.start();
      const started = `caught-up-${due.toISOString().replace('.000', '')}`;
      await eventually(async () => (await client.attach(started).describe()).status === 'RUNNING');
      await eventually(async () => (await client.schedules.show('missed')).missed === 1);
      expect((await client.schedules.show('missed')).taken).to.equal(0);
    }
  );
});

/** A whole second some seconds from now. */
function soon(): Date {
  return new Date(Math.ceil(Date.now() / 1000) * 1000 + 4_000);
}

/** Seven fields: this one second. */
function secondOf(time: Date): string {
  const [minute, hour] = [time.getUTCMinutes(), time.getUTCHours()];
  return `${time.getUTCSeconds()} ${minute} ${hour} ${time.getUTCDate()} ${time.getUTCMonth() + 1} * ${time.getUTCFullYear()}`;
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 150; look += 1) {
    if (await holds().catch(() => false)) return;
    await sleep(200);
  }
  throw new Error(`it did not come true: ${holds.toString()}`);
}

async function tablesOf({ catalog }: Ingestion): Promise<string[]> {
  const answer = await fetch(`${catalog.hostPort}/v1/tables?limit=100`, {
    headers: { Authorization: `Bearer ${catalog.token}` },
  });
  const { data } = z.object({ data: z.array(z.object({ fullyQualifiedName: z.string() })) }).parse(await answer.json());
  return data.map((table) => table.fullyQualifiedName);
}

/** The anchor that the run's activities were given. */
async function anchorOf(address: string, workflowId: string): Promise<number> {
  const client = new Client({ connection: await Connection.connect({ address }) });
  try {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const prepare = events?.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'prepareRun'
    );
    const data = prepare?.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data ?? [];
    const input: unknown = JSON.parse(Buffer.from(data).toString());
    return z.object({ identity: z.object({ anchor: z.number() }) }).parse(input).identity.anchor;
  } finally {
    await client.connection.close();
  }
}

/** From a heading to the next one. */
function sectionOf(markdown: string, heading: string): string {
  const rest = markdown.slice(markdown.indexOf(heading) + heading.length);
  const end = rest.indexOf('\n## ');
  return end === -1 ? rest : rest.slice(0, end);
}
