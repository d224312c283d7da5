import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../../../src/contract/names.js';
import { IngestionRun } from '../../../src/client/ingestion-run.js';
import type { RunReport } from '../../../src/report/index.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { startWorkerProcess, type WorkerProcess } from '../../services/worker-process.js';

const DEPLOYMENT = `om-ingest-${process.pid}`;

describe('A new version of the workers', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: Client;
  const workers: WorkerProcess[] = [];
  before(async () => {
    ingestion = await startIngestion();
    client = new Client({ connection: await Connection.connect({ address: ingestion.address }) });
  });
  after(async () => {
    for (const worker of workers) await worker.kill();
    await client?.connection.close();
    await ingestion?.stop();
  });

  const startVersion = async (buildId: string, meanwhile?: () => Promise<void>): Promise<void> => {
    const version = { TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_WORKER_BUILD_ID: buildId };
    workers.push(await startWorkerProcess({ ...ingestion.env, ...version }));
    await meanwhile?.();
    const current = { namespace: 'default', deploymentName: DEPLOYMENT, buildId, ignoreMissingTaskQueues: true };
    // the server knows a version once one of its workers has polled
    for (const end = Date.now() + 30_000; ; await sleep(200)) {
      try {
        await client.workflowService.setWorkerDeploymentCurrentVersion(current);
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  };
  const start = (workflowId: string, paused: boolean) => {
    const options = {
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
      workflowId: `${workflowId}-${process.pid}`,
      args: [{ recipePath: 'shop.yaml' }],
    };
    return paused
      ? client.workflow.signalWithStart('metadataWorkflow', { ...options, signal: PAUSE_SIGNAL })
      : client.workflow.start('metadataWorkflow', options);
  };
  /** Versions that completed its workflow tasks, and those whose workers did its activities, by their process. */
  const versionsOf = async (workflowId: string): Promise<{ builds: string[]; processes: string[] }> => {
    const { events } = await client.workflow.getHandle(`${workflowId}-${process.pid}`).fetchHistory();
    const builds = new Set<string>();
    const processes = new Set<string>();
    for (const { workflowTaskCompletedEventAttributes: task, activityTaskStartedEventAttributes: activity } of events ??
      []) {
      const build = task?.deploymentVersion?.buildId;
      if (build !== undefined && build !== null) builds.add(build);
      if (activity?.identity !== undefined && activity.identity !== null)
        processes.add(activity.identity.split('@')[0] ?? '');
    }
    return { builds: [...builds], processes: [...processes] };
  };

  it('takes the new runs, and those under way stay with all of their stages on the old one', async () => {
    const old = await start('old', true);
    await startVersion('1', async () => {
      const run = new IngestionRun(client, old);
      await until(async () => (await run.describe()).versionsThere?.join() === `${DEPLOYMENT} 1`);
    });
    await until(async () => (await old.query<{ state: string }>('progress')).state === 'running');
    await startVersion('2');
    const fresh = await start('fresh', false);
    expect(((await fresh.result()) as RunReport).state).to.equal('success');
    await old.signal(RESUME_SIGNAL);
    expect(((await old.result()) as RunReport).state).to.equal('success');
    const [first, second] = workers.map(({ pid }) => String(pid));
    expect(await versionsOf('old')).to.deep.equal({ builds: ['1'], processes: [first] });
    expect(await versionsOf('fresh')).to.deep.equal({ builds: ['2'], processes: [second] });
  });
});

async function until(what: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) if (await what().catch(() => false)) return;
  throw new Error('it did not come to that within half a minute');
}
