import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import { writeShopLog } from '../../src/client/quickstart/shop-log.js';
import { createClient, readTemporalSettings, RunStoppedError } from '../../src/index.js';
import { runCli } from '../services/cli.js';
import { startDisabledPipelineClient, type DisabledPipelineClient } from '../services/disabled-pipeline-client.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const KINDS = ['metadata', 'lineage', 'usage', 'profiler', 'data-quality'] as const;
const PIPELINE = 'shop.metadata';
const status = z.object({
  pipelineState: z.string(),
  endDate: z.number().optional(),
  status: z.array(z.looseObject({ name: z.string(), records: z.number(), errors: z.number() })).optional(),
});

const progressUpdate = z.looseObject({ updateType: z.string(), progress: z.unknown() });

describe('The Ingestions tab of an OpenMetadata whose pipeline service client is disabled', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let om: DisabledPipelineClient;

  before(async () => {
    ingestion = await startIngestion();
    om = await startDisabledPipelineClient(ingestion.catalog.hostPort);
    const log = join(ingestion.folder, 'queries.csv');
    writeShopLog(log);
    Object.assign(ingestion.env, { OM_HOST_PORT: om.hostPort, QUICKSTART_LOG: log, OM_INGEST_FILES: ingestion.folder });
    for (const kind of KINDS) {
      const recipe = readFileSync(`recipes/quickstart/${kind}.yaml`, 'utf8');
      writeFileSync(join(ingestion.recipesDir, `${kind}.yaml`), recipe);
    }
    const metadata = readFileSync(join(ingestion.recipesDir, 'mysql/metadata.yaml'), 'utf8');
    writeFileSync(
      join(ingestion.recipesDir, 'lost.yaml'),
      metadata.replace(/databaseMode: .*/, 'databaseMode: /no/shop.db')
    );
    writeFileSync(
      join(ingestion.recipesDir, 'part.yaml'),
      metadata.replace('loggerLevel', 'successThreshold: 1\n  loggerLevel')
    );
    await ingestion.startWorker();
  });
  after(async () => {
    om?.release();
    await ingestion?.stop();
    await om?.close();
  });

  const run = async (recipe: string): Promise<number | null> => {
    const { code, stdout, stderr } = await runCli(['run', recipe], { env: ingestion.env, cwd: ingestion.folder });
    expect(code, stdout + stderr).to.be.oneOf([0, 1, 2]);
    return code;
  };
  /** States of a pipeline since `from`, one a run of equal ones. */
  const states = (fqn: string, from = 0): string[] =>
    om.statuses
      .slice(from)
      .filter((each) => each.fqn === fqn)
      .map(({ body }) => status.parse(body).pipelineState)
      .filter((state, index, all) => state !== all[index - 1]);

  for (const kind of KINDS)
    it(`shows ${kind} as running, then as a success with a summary of each step`, async () => {
      const from = om.statuses.length;
      expect(await run(`${kind}.yaml`)).to.equal(0);
      const fqn = om.statuses[from]?.fqn ?? '';
      expect(states(fqn, from)).to.deep.equal(['running', 'success']);
      const last = status.parse(om.statuses.at(-1)?.body);
      expect(last.endDate).to.be.a('number');
      expect(last.status?.map(({ name }) => name)).to.include(kind === 'usage' ? 'Query Parser' : 'OpenMetadata');
    });

  it('shows a run that lost its source as failed, with the reason', async () => {
    const from = om.statuses.length;
    expect(await run('lost.yaml')).to.equal(2);
    expect(states(PIPELINE, from).at(-1)).to.equal('failed');
    expect(JSON.stringify(om.statuses.at(-1)?.body)).to.contain('/no/shop.db');
  });

  it('shows a run that was cancelled as stopped', async () => {
    const from = om.statuses.length;
    const client = await createClient({
      settings: readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address }),
      taskQueue: ingestion.env['OM_INGEST_TASK_QUEUE'] ?? '',
    });
    try {
      const held = om.hold('/tables/bulk');
      const started = await client.start({ recipePath: 'mysql/metadata.yaml' }, { workflowId: 'tab-stopped' });
      await held;
      await started.cancel();
      om.release();
      expect(await started.wait().catch((error: unknown) => error)).to.be.instanceOf(RunStoppedError);
    } finally {
      await client.close();
    }
    expect(states(PIPELINE, from)).to.deep.equal(['running', 'stopped']);
  });

  it('shows a run of which some records failed as a partial success', async () => {
    const database = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    database.exec('CREATE VIEW broken AS SELECT id FROM nowhere');
    database.close();
    const from = om.statuses.length;
    expect(await run('part.yaml')).to.equal(1);
    expect(states(PIPELINE, from)).to.deep.equal(['running', 'partialSuccess']);
    const errors = status.parse(om.statuses.at(-1)?.body).status?.map((step) => step.errors) ?? [];
    expect(Math.max(...errors)).to.be.above(0);
  });

  it('shows the stages of a run from its start to its end, and its log lines where the recipe asks for them', async () => {
    const recipe = readFileSync('recipes/quickstart/metadata.yaml', 'utf8');
    writeFileSync(
      join(ingestion.recipesDir, 'told.yaml'),
      `${recipe.replace('loggerLevel: INFO', 'successThreshold: 1\n  loggerLevel: DEBUG')}\nenableStreamableLogs: true\n`
    );
    const from = om.told.length;
    await run('told.yaml');
    const told = om.told.slice(from).filter(({ fqn }) => fqn === 'quickstart_shop.metadata');
    const updates = told.filter(({ what }) => what === 'progress').map(({ body }) => progressUpdate.parse(body));
    expect(updates[0]?.updateType).to.equal('DISCOVERY');
    expect(updates.at(-1)?.updateType).to.equal('PIPELINE_COMPLETE');
    expect(updates.at(-1)?.progress).to.deep.equal({ label: 'quickstart_shop', active: false });
    const lines = told.filter(({ what }) => what === 'logs');
    expect(lines, 'batches of log lines').not.to.have.length(0);
    expect(told.map(({ what }) => what)).to.include('close');
  });

  it('was asked for nothing that the pipeline service client would do', () => {
    expect(om.refused).to.deep.equal([]);
    expect(om.statuses.length).to.be.above(KINDS.length);
  });
});
