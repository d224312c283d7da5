import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const ID = 'om-quickstart_shop.metadata';
const details = z.object({
  scheduleId: z.string(),
  workflowType: z.string(),
  taskQueue: z.string(),
  input: z.unknown(),
  cron: z.array(z.string()),
  timeZone: z.string(),
  paused: z.boolean(),
  note: z.string().optional(),
  overlap: z.string(),
  catchUpMs: z.number(),
  jitterMs: z.number(),
  pauseOnFailure: z.boolean(),
  next: z.array(z.string()),
  taken: z.number(),
  skipped: z.number(),
  recent: z.array(z.object({ workflowId: z.string(), nominal: z.string() })),
});

describe('om-ingest schedule', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let temporal: Client;

  before(async () => {
    ingestion = await startIngestion();
    temporal = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
  });
  after(async () => {
    await temporal.connection.close();
    await ingestion.stop();
  });

  const cli = (...args: string[]): Promise<CliOutcome> =>
    runCli(['schedule', ...args], { env: ingestion.env, cwd: ingestion.folder });
  const good = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli(...args);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const show = async (id = ID): Promise<z.infer<typeof details>> =>
    details.parse(JSON.parse(await good('show', id, '--json')));

  it('makes a schedule that skips, catches up ten minutes and pauses on failure unless told otherwise', async () => {
    const said = await good('apply', 'shop.yaml', '--cron', '0 3 * * *', '--paused');
    expect(said).to.equal(`${ID} created: 0 3 * * * UTC, paused\n`);
    expect(await show()).to.deep.include({
      scheduleId: ID,
      workflowType: 'metadataWorkflow',
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'],
      input: { recipePath: 'shop.yaml' },
      cron: ['0 3 * * *'],
      timeZone: 'UTC',
      paused: true,
      overlap: 'Skip',
      catchUpMs: 600_000,
      jitterMs: 0,
      pauseOnFailure: true,
    });
  });

  it('changes the one that is there, which stays paused', async () => {
    const flags = ['--cron', '30 4 * * *', '@every 6h', '--time-zone', 'Europe/Berlin', '--jitter', '5m'];
    const policies = ['--overlap', 'BufferOne', '--catch-up', '1h', '--no-pause-on-failure', '--note', 'nightly'];
    expect(await good('apply', 'shop.yaml', ...flags, ...policies)).to.match(/ updated: .*paused/);
    expect(await show()).to.deep.include({
      cron: ['30 4 * * *', '@every 21600s'],
      timeZone: 'Europe/Berlin',
      paused: true,
      note: 'nightly',
      overlap: 'BufferOne',
      catchUpMs: 3_600_000,
      jitterMs: 300_000,
      pauseOnFailure: false,
    });
  });

  it('pauses and resumes, and lists it with its next time', async () => {
    await good('apply', 'shop.yaml', '--cron', '0 3 * * *');
    expect(await good('resume', ID)).to.equal(`${ID} runs again\n`);
    expect(await show()).to.include({ paused: false });
    expect((await show()).next[0]).to.match(/T03:00:00/);
    // Temporal's list lags behind
    let listed = '';
    for (let look = 0; look < 50 && !/03:00:00Z/.test(listed); look += 1, await sleep(200)) listed = await good('list');
    expect(listed).to.contain(ID).and.to.contain('0 3 * * *').and.to.contain('active');
    expect(await good('pause', ID, '--note', 'maintenance')).to.equal(`${ID} is paused\n`);
    expect(await show()).to.include({ paused: true, note: 'maintenance' });
    const text = await good('show', ID);
    expect(text)
      .to.match(/state +paused: maintenance/)
      .and.to.match(/catch-up +10m/);
  });

  it('takes a file of schedules, and touches none of them when one is wrong', async () => {
    const file = join(ingestion.folder, 'schedules.yaml');
    const entry = '  - recipe: shop.yaml\n    cron: "0 5 * * 1"\n    timeZone: Asia/Tokyo\n    paused: true\n';
    writeFileSync(file, `schedules:\n${entry}    id: weekly\n${entry}    id: other\n    overlap: Sometimes\n`);
    const refused = await cli('apply', '--file', file);
    expect(refused.code).to.equal(2);
    expect(refused.stderr)
      .to.match(/schedules\.1\.overlap/)
      .and.to.contain('Skip');
    expect((await cli('show', 'weekly')).stderr).to.contain('Temporal knows no schedule weekly');

    writeFileSync(file, `schedules:\n${entry}    id: weekly\n${entry}    id: other\n`);
    expect((await good('apply', '--file', file)).trim().split('\n')).to.have.length(2);
    expect(await show('weekly')).to.include({ timeZone: 'Asia/Tokyo', paused: true });
  });

  for (const [what, args, message] of [
    [
      'a cron that is none',
      ['--cron', 'every night'],
      /Temporal refuses the schedule wrong: CronString .* Look at its cron/,
    ],
    ['an unknown time zone', ['--cron', '@daily', '--time-zone', 'Mars/Base'], /Mars\/Base/],
    ['a jitter without a unit', ['--cron', '@daily', '--jitter', 'long'], /jitter is "long", not a time such as/],
    ['no cron', [], /needs RECIPE and --cron/],
  ] as const) {
    it(`refuses ${what} in words`, async () => {
      const { code, stderr } = await cli('apply', 'shop.yaml', '--id', 'wrong', ...args);
      expect(code).to.equal(2);
      expect(stderr)
        .to.match(message)
        .and.to.match(/^error: /);
    });
  }

  for (const [range, message] of [
    [['yesterday', '2026-11-21'], /from is "yesterday", not a date/],
    [['2026-11-21', '2026-11-15'], /before its start/],
  ] as const) {
    it(`refuses a backfill from ${range.join(' to ')}`, async () => {
      const { code, stderr } = await cli('backfill', ID, '--from', range[0], '--to', range[1]);
      expect(code).to.equal(2);
      expect(stderr).to.match(message);
    });
  }

  it('knows no schedule that was never made', async () => {
    for (const command of ['show', 'pause', 'resume', 'trigger', 'delete']) {
      const { code, stderr } = await cli(command, 'never');
      expect(code, command).to.equal(2);
      expect(stderr).to.match(/^error: Temporal knows no schedule never in the namespace default\./);
    }
  });

  it('triggers a run while paused, and names it', async () => {
    await ingestion.startWorker();
    const started = /^run (\S+)\n$/.exec(await good('trigger', ID))?.[1] ?? '';
    expect(started).to.match(new RegExp(`^${ID}-\\d{4}-`));
    const report: unknown = await temporal.workflow.getHandle(started).result();
    expect(report).to.include({ state: 'success' });
  });

  it('backfills seven days with seven anchors, whole days of a range without times', async () => {
    await good('backfill', ID, '--from', '2026-11-01', '--to', '2026-11-07');
    const days = ['01', '02', '03', '04', '05', '06', '07'];
    const anchors = await Promise.all(days.map(async (day) => anchorOf(temporal, `${ID}-2026-11-${day}T03:00:00Z`)));
    expect(anchors).to.deep.equal(days.map((day) => Date.parse(`2026-11-${day}T03:00:00Z`)));
    // one after the other: no two of them overlapped
    const runs = await Promise.all(
      days.map((day) => temporal.workflow.getHandle(`${ID}-2026-11-${day}T03:00:00Z`).describe())
    );
    const times = runs.map((run) => [run.startTime.getTime(), run.closeTime?.getTime() ?? Infinity] as const);
    times.slice(1).forEach(([start], index) => expect(start).to.be.at.least(times[index]?.[1] ?? Infinity));
  });

  it('includes both ends of a backfill', async () => {
    await good('backfill', ID, '--from', '2026-10-01T03:00:00Z', '--to', '2026-10-02T03:00:00Z');
    for (const day of ['01', '02'])
      expect(await anchorOf(temporal, `${ID}-2026-10-${day}T03:00:00Z`)).to.equal(
        Date.parse(`2026-10-${day}T03:00:00Z`)
      );
  });

  it('deletes it', async () => {
    expect(await good('delete', ID)).to.match(/is deleted/);
    expect((await cli('show', ID)).code).to.equal(2);
  });
});

/** The anchor that the run's activities were given, once the run is over. */
async function anchorOf(client: Client, workflowId: string): Promise<number> {
  const handle = client.workflow.getHandle(workflowId);
  for (let look = 0; ; look += 1, await sleep(100)) {
    try {
      await handle.result();
      break;
    } catch (error) {
      if (look > 300) throw error;
    }
  }
  const { events } = await handle.fetchHistory();
  const prepare = events?.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'prepareRun'
  );
  const data = prepare?.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data;
  const input: unknown = JSON.parse(Buffer.from(data ?? []).toString());
  return z.object({ identity: z.object({ anchor: z.number() }) }).parse(input).identity.anchor;
}
