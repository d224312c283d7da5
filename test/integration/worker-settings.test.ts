import { expect } from 'chai';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { runCli, startCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

describe('om-ingest worker', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
  });
  after(() => ingestion.stop());

  it('obeys its flags above the environment: metrics, log, tuner, queue; and ends with 0 on SIGTERM', async () => {
    const [port = 0] = await freePorts(1);
    const queue = `${ingestion.env['OM_INGEST_TASK_QUEUE']}-flags`;
    const worker = startCli(
      ['worker', '--task-queue', queue, '--log-format', 'pretty', '--tuner', 'resource', '--concurrency', '2'],
      {
        env: { ...ingestion.env, OM_INGEST_METRICS: `127.0.0.1:${port}`, OM_INGEST_LOG_FORMAT: 'json' },
        cwd: ingestion.folder,
      }
    );
    await worker.until('worker is ready');
    const env = { ...ingestion.env, OM_INGEST_TASK_QUEUE: queue };
    const ran = await runCli(['run', 'shop.yaml', '--quiet', '--id', 'flags'], { env, cwd: ingestion.folder });
    expect(ran.code, ran.stderr).to.equal(0);
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(metrics).to.match(new RegExp(`^temporal_workflow_completed\\{.*task_queue="${queue}".*\\} 1$`, 'm'));
    worker.child.kill('SIGTERM');
    const { code, stdout, stderr } = await worker.ended;
    expect(code).to.equal(0);
    expect(stdout + stderr).to.match(/INFO.*worker is ready/);
    expect(stdout + stderr).not.to.contain('{"level"');
  });
});
