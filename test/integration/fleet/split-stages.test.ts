import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';

/** Those that parse SQL. */
const PARSING: readonly string[] = ['parseLineage', 'parseUsage'];
/** Activities a second; a run has more than so many of them on one queue. */
const RATE = 2;

describe('A fleet', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: Client;
  const workers: WorkerProcess[] = [];
  beforeEach(async () => {
    ingestion = await startIngestion();
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.kill();
    await client?.connection.close();
    await ingestion?.stop();
  });

  const startWorker = async (env: Readonly<Record<string, string>>): Promise<WorkerProcess> => {
    const worker = await startWorkerProcess({ ...ingestion.env, ...env });
    workers.push(worker);
    return worker;
  };
  const start = (type: string, recipePath: string) =>
    client.workflow.start(type, {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `split-${recipePath.replace(/\W/g, '-')}-${ingestion.env['OM_INGEST_TASK_QUEUE']}`,
      args: [{ recipePath }],
    });
  type Run = Awaited<ReturnType<typeof start>>;
  const succeed = async (run: Run): Promise<void> => {
    expect(((await run.result()) as RunReport).state).to.equal('success');
  };
  /** Of each activity of a run: its type, its queue, the process that did it and when that began. */
  const activitiesOf = async (run: Run): Promise<{ type: string; queue: string; process: string; at: number }[]> => {
    const { events = [] } = await run.fetchHistory();
    const scheduled = new Map(events?.map((event) => [String(event.eventId), event]));
    return (events ?? []).flatMap(({ activityTaskStartedEventAttributes: begun, eventTime }) => {
      if (!begun) return [];
      const of = scheduled.get(String(begun.scheduledEventId))?.activityTaskScheduledEventAttributes;
      const at = Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
      return [
        {
          type: of?.activityType?.name ?? '',
          queue: of?.taskQueue?.name ?? '',
          process: begun.identity?.split('@')[0] ?? '',
          at,
        },
      ];
    });
  };

  it('whose workers share a store and not their stages parses on those for parsing, and does the rest on the others', async () => {
    const [io, parse] = [
      await startWorker({ OM_INGEST_STAGES: 'io' }),
      await startWorker({ OM_INGEST_STAGES: 'parse' }),
    ];
    await succeed(await start('metadataWorkflow', 'mysql/metadata.yaml'));
    const run = await start('lineageWorkflow', 'mysql/lineage.yaml');
    await succeed(run);
    const activities = await activitiesOf(run);
    const processesOf = (parsing: boolean): string[] => [
      ...new Set(activities.filter(({ type }) => PARSING.includes(type) === parsing).map((each) => each.process)),
    ];
    expect(processesOf(true)).to.deep.equal([String(parse.pid)]);
    expect(processesOf(false)).to.deep.equal([String(io.pid)]);
  });

  it('without workers for parsing says so, and ends the run', async () => {
    await startWorker({ OM_INGEST_STAGES: 'io', OM_INGEST_STORE_TIMEOUT_MS: '1000' });
    await succeed(await start('metadataWorkflow', 'mysql/metadata.yaml'));
    const failed: unknown = await (
      await start('lineageWorkflow', 'mysql/lineage.yaml')
    )
      .result()
      .catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(WorkflowFailedError);
    expect(String((failed as WorkflowFailedError).cause?.message)).to.match(/pars/);
  });

  it('begins no more activities a second than it may, all workers together', async () => {
    const rate = { OM_INGEST_ACTIVITIES_PER_SECOND: String(RATE) };
    await startWorker(rate);
    await startWorker(rate);
    const runs = await Promise.all(['shop.yaml', 'mysql/metadata.yaml'].map((path) => start('metadataWorkflow', path)));
    for (const run of runs) await succeed(run);
    const all = (await Promise.all(runs.map(activitiesOf))).flat();
    const queues = new Map<string, number[]>();
    for (const { queue, at } of all) queues.set(queue, [...(queues.get(queue) ?? []), at]);
    const limited = [...queues].filter(([queue]) => queue.endsWith('.publish'));
    expect(limited).to.have.length(1);
    for (const [queue, times] of limited) {
      const [first = 0, ...later] = times.sort((left, right) => left - right);
      expect(times.length, queue).to.be.above(2 * RATE);
      // the first second's worth may begin at once
      const least = ((times.length - 2 * RATE) / RATE) * 1_000;
      expect((later.at(-1) ?? 0) - first, `${times.length} activities on ${queue}`).to.be.at.least(least);
    }
  });
});
