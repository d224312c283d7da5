import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect } from 'chai';
import { followRun } from '../../src/client/follow-run.js';
import { IngestionClient } from '../../src/client/ingestion-client.js';
import { freePorts } from '../../src/client/temporal-server/index.js';
import { runCli, startCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { makeService } from '../services/make-service.js';
import { startTcpProxy } from '../services/tcp-proxy.js';

describe('a run that waits', () => {
  let ingestion: Ingestion;
  let closedPort: number;

  before(async () => {
    ingestion = await startIngestion();
    closedPort = (await freePorts(1))[0] ?? 0;
    writeFileSync(
      path.join(ingestion.folder, 'recipes', 'wrong-port.yaml'),
      `source:
  type: mysql
  serviceName: svc
  serviceConnection:
    config: {type: Mysql, username: root, authType: {password: x-secret}, hostPort: '127.0.0.1:${closedPort}'}
  sourceConfig:
    config: {type: DatabaseMetadata}
workflowConfig:
  openMetadataServerConfig:
    hostPort: ${ingestion.env['OM_HOST_PORT'] ?? ''}
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
ingestionPipelineFQN: svc.metadata
`
    );
    await makeService(ingestion.catalog, 'svc', 'Mysql');
    await ingestion.startWorker();
  });
  after(() => ingestion.stop());

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });

  it('says for what, since when and until when, and ends when its first contact does not succeed', async () => {
    const { code, stderr } = await cli('run', 'wrong-port.yaml', '--wait', '8s');
    expect(stderr).to.match(
      new RegExp(
        `om-svc.metadata waits in prepareRun: .*127\\.0\\.0\\.1:${closedPort}.* Waiting since \\S+Z\\. \\d+ attempts?, `
      )
    );
    expect(stderr).to.contain('its first contact did not succeed within 8 s');
    expect(stderr).not.to.contain('x-secret');
    expect(code).to.equal(2);
  });

  it('ends as well when a later stage is the first that asks the source', async () => {
    const { recipesDir } = ingestion;
    const metadata = readFileSync(path.join(recipesDir, 'wrong-port.yaml'), 'utf8');
    const usage = metadata
      .replace('type: mysql', 'type: mysql-usage')
      .replace('DatabaseMetadata', 'DatabaseUsage')
      .replace('svc.metadata', 'svc.usage')
      .replace(
        'workflowConfig:',
        `processor: {type: query-parser, config: {}}
stage: {type: table-usage, config: {filename: /tmp/svc}}
bulkSink: {type: metadata-usage, config: {filename: /tmp/svc}}
workflowConfig:`
      );
    writeFileSync(path.join(recipesDir, 'wrong-port-usage.yaml'), usage);
    const { code, stderr } = await cli('run', 'wrong-port-usage.yaml', '--wait', '8s');
    expect(stderr).to.contain('om-svc.usage was cancelled: its first contact did not succeed within 8 s');
    expect(code).to.equal(2);
  });

  it('ends as well when stages that ask OpenMetadata alone come before', async () => {
    const { recipesDir } = ingestion;
    const lineage = readFileSync(path.join(recipesDir, 'wrong-port.yaml'), 'utf8')
      .replace('type: mysql', 'type: mysql-lineage')
      .replace('DatabaseMetadata', 'DatabaseLineage')
      .replace('svc.metadata', 'svc.lineage');
    writeFileSync(path.join(recipesDir, 'wrong-port-lineage.yaml'), lineage);
    const { code, stderr } = await cli('run', 'wrong-port-lineage.yaml', '--wait', '8s');
    expect(stderr).to.contain('om-svc.lineage was cancelled: its first contact did not succeed within 8 s');
    expect(code).to.equal(2);
  });

  it('is shown by status with the reason, and goes on when it was left to itself', async () => {
    await cli('run', 'wrong-port.yaml', '--detach', '--id', 'left');
    let stdout = '';
    for (let tries = 0; tries < 40 && !stdout.includes('waits in prepareRun'); tries += 1) {
      await sleep(500);
      ({ stdout } = await cli('status', 'left'));
    }
    expect(stdout).to.contain('running').and.to.contain(`127.0.0.1:${closedPort}`);
    await cli('cancel', 'left');
  });

  it('says that workers fail its workflow task, which one, why, since when and what to do, not that there is none', async () => {
    const connection = await Connection.connect({ address: ingestion.env['TEMPORAL_ADDRESS'] ?? '' });
    try {
      const taskQueue = ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '';
      const options = { taskQueue, workflowId: 'of-another-build', args: [] };
      const handle = await new Client({ connection }).workflow.start('notInThisBuildWorkflow', options);
      let stdout = '';
      for (let tries = 0; tries < 40 && !stdout.includes('waits in'); tries += 1) {
        await sleep(500);
        ({ stdout } = await cli('status', 'of-another-build'));
      }
      const client = new IngestionClient(new Client({ connection }), taskQueue);
      const seen = new AbortController();
      const lost: string[] = [];
      await followRun(client, client.attach('of-another-build'), {
        onProgress: () => undefined,
        onWait: (line) => {
          expect(line).to.contain('its workflow task');
          setImmediate(() => seen.abort());
        },
        firstContactMs: 1,
        onNoContact: (reason) => lost.push(reason),
        signal: seen.signal,
      });
      // it goes on at a right worker: no reason to cancel it
      expect(lost).to.deep.equal([]);
      expect((await cli('cancel', 'of-another-build')).stderr).to.contain('`temporal workflow terminate');
      await handle.terminate();
      expect(stdout).to.match(
        /waits in its workflow task: the worker \d+@\S+ fails it: .*notInThisBuildWorkflow.* mistyped, .*`metadataWorkflow`.* `temporal workflow terminate --workflow-id of-another-build` ends it\. Waiting since \S+Z\. \d+ attempts?, /
      );
      expect(stdout).to.contain('it stands still').and.not.to.contain('no worker of');
    } finally {
      await connection.close();
    }
  });

  it('is followed on when Temporal was away in between', async () => {
    const [host = '', port = ''] = (ingestion.env['TEMPORAL_ADDRESS'] ?? '').split(':');
    expect(host).to.equal('127.0.0.1');
    const proxy = await startTcpProxy(Number(port));
    try {
      const env = { ...ingestion.env, TEMPORAL_ADDRESS: `127.0.0.1:${proxy.port}` };
      const command = startCli(['run', 'wrong-port.yaml', '--id', 'away', '--wait', '1h'], {
        env,
        cwd: ingestion.folder,
      });
      await command.until('waits in prepareRun');
      proxy.cut();
      await command.until('Temporal does not answer');
      proxy.mend();
      await cli('cancel', 'away');
      const { code, stderr } = await command.ended;
      expect(stderr).to.contain('away was cancelled');
      expect(code).to.equal(2);
    } finally {
      await proxy.close();
    }
  });
});
