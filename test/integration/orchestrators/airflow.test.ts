import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { createClient, readTemporalSettings, type IngestionClient } from '../../../src/client/index.js';
import { makeAirflow, type Airflow } from '../../services/airflow.js';
import { pathWithCommand } from '../../services/command-path.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import type { Program } from '../../services/program.js';
import { startTemporal, type TestTemporal } from '../../services/temporal.js';

const TIME = '2026-11-20T03:00:00';
const DAGS = ['openmetadata_by_command', 'openmetadata_by_temporal'] as const;

describe('The DAGs of examples/airflow, in a real Airflow', function () {
  this.timeout(600_000);
  let temporal: TestTemporal;
  let ingestion: Ingestion;
  let client: IngestionClient;
  const airflows: Airflow[] = [];
  const left: Program[] = [];

  before(async () => {
    temporal = await startTemporal();
    ingestion = await startIngestion({ taskQueue: 'openmetadata-ingestion', address: temporal.address });
    client = await createClient({ settings: readTemporalSettings({ TEMPORAL_ADDRESS: temporal.address }) });
    const env = { ...process.env, TEMPORAL_ADDRESS: temporal.address, PATH: pathWithCommand(ingestion.folder) };
    for (const dag of DAGS) {
      const airflow = await makeAirflow(join(ingestion.folder, dag), env);
      const text = readFileSync(`examples/airflow/${dag}.py`, 'utf8').replace('POLL_SECONDS = 60', 'POLL_SECONDS = 2');
      writeFileSync(join(airflow.dags, `${dag}.py`), text);
      airflows.push(airflow);
    }
  });
  after(async () => {
    for (const [index, program] of left.entries()) await airflows[index]?.kill(program);
    await client?.close();
    await ingestion?.stop();
    await temporal?.stop();
  });

  it('start a run each, which stays when Airflow is killed in the middle', async () => {
    // nobody takes the runs yet
    const programs = airflows.map((airflow, index) => airflow.runDag(DAGS[index] ?? '', TIME));
    left.push(...programs);
    await untilRuns(2);
    for (const [index, program] of programs.entries()) await airflows[index]?.kill(program);
    left.splice(0);
    expect(await runs()).to.deep.equal(['RUNNING', 'RUNNING']);
  });

  it('attach to it when they are tried again, and end as it ends', async () => {
    await ingestion.startWorker();
    const outcomes = await Promise.all(airflows.map((airflow, index) => airflow.runDag(DAGS[index] ?? '', TIME).ended));
    for (const { code, stdout, stderr } of outcomes) {
      expect(code, stdout + stderr).to.equal(0);
      expect(stdout + stderr).to.match(/success/);
    }
    expect(await runs(), 'no run besides').to.deep.equal(['COMPLETED', 'COMPLETED']);
  });

  async function untilRuns(count: number): Promise<void> {
    while ((await runs()).length < count) {
      await Promise.race([sleep(300), ...left.map(({ ended }) => ended.then(fail))]);
    }
  }

  async function runs(): Promise<string[]> {
    const statuses: string[] = [];
    const query = 'WorkflowType = "metadataWorkflow"';
    for await (const { status } of client.temporal.workflow.list({ query })) statuses.push(status.name);
    return statuses.sort();
  }
});

function fail({ stdout, stderr }: { stdout: string; stderr: string }): never {
  throw new Error(`Airflow ended before its run began:\n${stdout}${stderr}`);
}
