import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  createClient,
  MetadataWorkflow,
  readTemporalSettings,
  RecipeError,
  type RunReport,
  type TemporalSettings,
} from '../../src/index.js';
import memo, { MEMO_PIN } from '../connectors/memo.js';
import { startCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const recipe = (kind: 'metadata' | 'lineage', pin: string): string => `source:
  type: ${kind === 'metadata' ? 'memo' : 'memo-lineage'}
  serviceName: desk_memos
  serviceConnection:
    config:
      type: CustomDatabase
      box: top drawer
      vault:
        vaultPin: ${pin}
  sourceConfig:
    config:
      type: ${kind === 'metadata' ? 'DatabaseMetadata' : 'DatabaseLineage'}
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${OM_HOST_PORT}
    authProvider: openmetadata
    securityConfig:
      jwtToken: \${OM_JWT_TOKEN}
ingestionPipelineFQN: desk_memos.${kind}
`;

describe('A connector outside of this project', () => {
  let ingestion: Ingestion;
  let env: Record<string, string>;

  before(async () => {
    ingestion = await startIngestion({
      env: { OM_INGEST_CONNECTORS: join(process.cwd(), 'dist/test/connectors/memo.js') },
    });
    env = { ...ingestion.env, MEMO_PIN };
    for (const kind of ['metadata', 'lineage'] as const)
      writeFileSync(join(ingestion.recipesDir, `memo-${kind}.yaml`), recipe(kind, MEMO_PIN));
    await ingestion.startWorker();
  });
  after(() => ingestion.stop());

  const cli = (...args: string[]): Promise<CliOutcome> => startCli(args, { env, cwd: ingestion.folder }).ended;
  const temporal = (): TemporalSettings => ({
    ...readTemporalSettings(),
    address: ingestion.address,
    connectionOptions: { address: ingestion.address },
  });
  const stored = async (path: string): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${ingestion.catalog.url}/api/v1/${path}`, {
      headers: { Authorization: `Bearer ${ingestion.catalog.token}` },
    });
    return { status: answer.status, text: await answer.text() };
  };

  it('is unknown without the module, and the message names what there is', async () => {
    const { code, stderr } = await startCli(['validate', 'memo-metadata.yaml'], {
      env: { ...env, OM_INGEST_CONNECTORS: undefined },
      cwd: ingestion.folder,
    }).ended;
    expect(code).to.equal(3);
    expect(stderr).to.contain('unknown source type `memo`');
  });

  it('has its recipes validated by its own model, secrets told by their marks', async () => {
    const good = await cli('validate', 'memo-metadata.yaml');
    expect(good.code, good.stderr).to.equal(0);
    expect(good.stdout).to.contain('metadataWorkflow of memo');
    expect(good.stderr).to.contain('literal secrets (/source/serviceConnection/config/vault/vaultPin)');
    writeFileSync(join(ingestion.recipesDir, 'bad.yaml'), recipe('metadata', MEMO_PIN).replace('box:', 'boxx:'));
    const bad = await cli('validate', 'bad.yaml');
    expect(bad.code).to.equal(3);
    expect(bad.stderr).to.contain('boxx: unknown key. Did you mean `box`?').and.not.to.contain(MEMO_PIN);
  });

  it('is checked by its own steps, with a wrong secret too', async () => {
    const good = await cli('check', 'memo-metadata.yaml');
    expect(good.code, good.stderr).to.equal(0);
    expect(good.stdout).to.contain('connection: the box top drawer opens');
    writeFileSync(join(ingestion.recipesDir, 'wrong-pin.yaml'), recipe('metadata', 'memo-pin-0815'));
    const bad = await cli('check', 'wrong-pin.yaml');
    expect(bad.code).to.equal(2);
    expect(bad.stdout).to.contain('The box top drawer does not open.').and.not.to.contain('memo-pin-0815');
  });

  it('is planned: what a run would create', async () => {
    const { code, stdout, stderr } = await cli('plan', 'memo-metadata.yaml');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain('6 to create').and.to.contain('desk_memos.desk.order.select');
  });

  it('runs, its reserved words and its names that differ by case kept apart, and status shows the report', async () => {
    const { code, stdout, stderr } = await cli('run', 'memo-metadata.yaml', '--json');
    expect(code, stderr).to.equal(0);
    const report = JSON.parse(stdout) as RunReport;
    expect(report).to.include({ workflow: 'metadataWorkflow', state: 'success' });
    expect(report.steps.map(({ name, records }) => [name, records])[0]).to.deep.equal(['CustomDatabase', 6]);
    for (const name of ['NOTES', 'notes', 'notes_copy', 'select'])
      expect((await stored(`tables/name/desk_memos.desk.order.${name}`)).status, name).to.equal(200);
    const status = await cli('status', 'om-desk_memos.metadata');
    expect(status.code).to.equal(0);
    expect(status.stdout).to.contain('metadataWorkflow completed').and.to.contain('success');
  });

  it('has lineage of its query log, unquoted names folded to lower case', async () => {
    // the recipe is only in the worker's folder, and the command leaves before the worker reads which kind it is of
    const started = await cli('run', 'memo-lineage.yaml', '--recipes', ingestion.folder, '--detach', '--json');
    expect(started.code, started.stderr).to.equal(0);
    const { workflowId } = JSON.parse(started.stdout) as { workflowId: string };
    const client = await createClient({ settings: temporal() });
    const run = client.attach(workflowId);
    const report = await run.wait();
    const { type } = await run.describe();
    await client.close();
    expect({ type, ran: report.workflow }).to.deep.equal({ type: 'lineageWorkflow', ran: 'lineageWorkflow' });
    expect(report.notes.join('\n')).to.contain(
      'metadataWorkflow was asked for, but the recipe is one of lineage runs: lineageWorkflow ran.'
    );
    const { text } = await stored(
      'lineage/table/name/desk_memos.desk.order.notes_copy?upstreamDepth=1&downstreamDepth=0'
    );
    const names = [...text.matchAll(/"fullyQualifiedName":"desk_memos\.desk\.order\.(\w+)"/g)].map(([, name]) => name);
    expect(new Set(names)).to.deep.equal(new Set(['notes_copy', 'notes', 'select']));
  });

  it('has its secrets kept out of the history and of what commands print', async () => {
    const listed = await cli('status', 'om-desk_memos.metadata', '--json');
    expect(listed.code).to.equal(0);
    expect(`${listed.stdout}${listed.stderr}`).not.to.contain(MEMO_PIN);
    const client = await createClient({ settings: temporal() });
    const history = await client.temporal.workflow.getHandle('om-desk_memos.metadata').fetchHistory();
    await client.close();
    const text = JSON.stringify(history, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value
    );
    expect(text).to.contain('desk_memos').and.not.to.contain(MEMO_PIN);
  });

  it('runs from code inside this process, given to create as one of its sources', async () => {
    process.env['OM_HOST_PORT'] = ingestion.catalog.hostPort;
    process.env['OM_JWT_TOKEN'] = ingestion.catalog.token;
    const config = recipe('metadata', MEMO_PIN);
    const workflow = await MetadataWorkflow.create(config, {
      temporal: temporal(),
      sources: [memo],
      workflowId: 'memo-in-process',
      say: () => undefined,
    });
    const report = await workflow.execute();
    await workflow.stop();
    expect(report).to.include({ state: 'success', service: 'desk_memos' });
  });

  it('is known to a client that got it, which checks its recipes before it starts them', async () => {
    const client = await createClient({ settings: temporal(), sources: [memo] });
    const bad = recipe('metadata', '${MEMO_PIN}').replace('box: top drawer', 'box: 7');
    const error = await client.start({ recipeYaml: bad }).catch((thrown: unknown) => thrown);
    await client.close();
    expect(error)
      .to.be.instanceOf(RecipeError)
      .with.property('message')
      .that.contains('config.box: found the number 7');
  });
});
