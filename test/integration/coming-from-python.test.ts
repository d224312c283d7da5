import { createServer, type Server } from 'node:https';
import { request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { z } from 'zod';
import {
  LineageWorkflow,
  MetadataWorkflow,
  ProfilerWorkflow,
  readTemporalSettings,
  TestSuiteWorkflow,
  UsageWorkflow,
  type RunReport,
  type WorkflowOptions,
} from '../../src/index.js';
import { makeAuthority, type TestAuthority } from '../services/certificates.js';
import { blocksOf } from '../services/docs.js';
import { startFakesnow, type Fakesnow } from '../services/fakesnow.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { startMoto, type Moto } from '../services/moto.js';

const SERVICE = 'my_snowflake';
const TABLE = `${SERVICE}.ANALYTICS.RAW.ORDERS`;
const SECRET = '/test/bot/ingestion-bot/config/jwttoken';
const BLOCKS = new Map(blocksOf('docs/coming-from-python.md', 'yaml').map(({ name, text }) => [name, text]));

/** The five steps, in the order of the Python framework. */
interface FiveSteps {
  create(config: unknown, options: WorkflowOptions): Promise<Workflow>;
}
type Workflow = Pick<MetadataWorkflow, 'execute' | 'raiseFromStatus' | 'printStatus' | 'stop'>;

describe('docs/coming-from-python.md', function () {
  this.timeout(180_000);
  let fakesnow: Fakesnow;
  let ingestion: Ingestion;
  let moto: Moto;
  let authority: TestAuthority;
  let front: Server;
  const environment = { ...process.env };

  before(async () => {
    fakesnow = await startFakesnow();
    await fakesnow.seed();
    moto = await startMoto();
    ingestion = await startIngestion();
    authority = makeAuthority();
    front = await tlsBefore(ingestion.catalog.hostPort, authority);
    const aws = { AWS_ACCESS_KEY_ID: 'moto', AWS_SECRET_ACCESS_KEY: 'moto', AWS_DEFAULT_REGION: 'eu-west-1' };
    Object.assign(process.env, aws, {
      AWS_ENDPOINT_URL: moto.url,
      OM_INGEST_STAGING: ingestion.env['OM_INGEST_STAGING'],
    });
    const secrets = new SecretsManagerClient({ endpoint: moto.url, region: 'eu-west-1' });
    await secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: ingestion.catalog.token }));
  });
  after(async () => {
    for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
    Object.assign(process.env, environment);
    front?.closeAllConnections();
    front?.close();
    authority?.remove();
    await ingestion?.stop();
    await moto?.stop();
    await fakesnow?.stop();
  });

  /** A block word for word, with its placeholders filled in. */
  function filled(name: string, connection: readonly string[] = []): string {
    const text = BLOCKS.get(name) ?? '';
    expect(text, name).not.to.equal('');
    return text
      .replace('type: Snowflake\n      ...', ['type: Snowflake', ...connection].join('\n      '))
      .replace(/^ *\.\.\.\n/gm, '')
      .replace('<service name>', SERVICE)
      .replace(/<Table FQN.*>/, TABLE)
      .replace('{bot_jwt_token}', ingestion.catalog.token)
      .replace('http://localhost:8585/api', ingestion.catalog.hostPort);
  }

  const snowflake = (): string[] => [
    ...['account: fakesnow', 'username: fake', 'password: snow', 'warehouse: COMPUTE_WH', 'database: ANALYTICS'],
    `connectionArguments: { host: 127.0.0.1, port: ${fakesnow.port}, protocol: http }`,
  ];

  async function run(
    kind: FiveSteps,
    config: string,
    workflowId: string
  ): Promise<{ report: RunReport; said: string }> {
    const said: string[] = [];
    const temporal = readTemporalSettings({ TEMPORAL_ADDRESS: ingestion.address });
    const workflow = await kind.create(config, {
      temporal,
      workflowId,
      inProcess: true,
      say: (line) => said.push(line),
    });
    const write = process.stdout.write.bind(process.stdout);
    try {
      const report = await workflow.execute();
      workflow.raiseFromStatus();
      process.stdout.write = (text: string | Uint8Array): boolean => said.push(String(text)) > 0;
      workflow.printStatus();
      return { report, said: said.join('\n') };
    } finally {
      process.stdout.write = write;
      await workflow.stop();
    }
  }

  describe('the five workflows, their YAML word for word', () => {
    it('metadata', async () => {
      const { report, said } = await run(MetadataWorkflow, filled('Metadata', snowflake()), 'five-metadata');
      expect(report.state).to.equal('success');
      expect(said).to.contain(`metadataWorkflow of ${SERVICE}: success`);
    });

    it('lineage, by MetadataWorkflow as there, with the connection of the service', async () => {
      const { report } = await run(MetadataWorkflow, filled('Lineage'), 'five-lineage');
      expect(report.workflow).to.equal('lineageWorkflow');
      const again = await run(LineageWorkflow, filled('Lineage'), 'five-lineage-2');
      expect(again.report.workflow).to.equal('lineageWorkflow');
    });

    it('usage', async () => {
      const { report } = await run(UsageWorkflow, filled('Usage'), 'five-usage');
      expect(report.workflow).to.equal('usageWorkflow');
      expect(report.steps.flatMap(({ failures }) => failures)).to.deep.equal([]);
    });

    it('profiler, with sample data', async () => {
      const further = 'tableFilterPattern: { includes: [^ORDERS$] }';
      const oneTable = filled('Profiler').replace('type: Profiler\n', `type: Profiler\n      ${further}\n`);
      const { report } = await run(ProfilerWorkflow, oneTable, 'five-profiler');
      expect(report.workflow).to.equal('profilerWorkflow');
      const sample = z.object({ sampleData: z.object({ rows: z.array(z.unknown()) }) });
      const { id } = z.looseObject({ id: z.string() }).parse(await ask(`tables/name/${TABLE}`));
      const found = sample.parse(await ask(`tables/${id}/sampleData`));
      expect(found.sampleData.rows).not.to.have.length(0);
    });

    it('data quality: runs the tests that the table has in OpenMetadata', async () => {
      const withTest = filled('Data quality').replace(
        'type: orm-test-runner\n  config: {}',
        'type: orm-test-runner\n  config: { testCases: [{ name: some_rows, testDefinitionName: tableRowCountToBeBetween, parameterValues: [{ name: minValue, value: "1" }] }] }'
      );
      await run(TestSuiteWorkflow, withTest, 'five-quality-test');
      const { report } = await run(TestSuiteWorkflow, filled('Data quality'), 'five-quality');
      expect(report.tests).to.include({ success: 1, failed: 0, aborted: 0 });
    });

    it('are refused with the line of a placeholder that was left', async () => {
      for (const name of ['Metadata', 'Lineage', 'Usage', 'Profiler', 'Data quality']) {
        const error = await run(MetadataWorkflow, BLOCKS.get(name) ?? '', 'never').catch((thrown: unknown) => thrown);
        expect(String(error), name).to.match(/RecipeError: config:\d+: /);
      }
    });
  });

  describe('workflowConfig', () => {
    /** The quickstart's shop as a service of its own, under the block's workflowConfig. */
    const shop = (block: string, name: string, type = 'DatabaseMetadata'): string =>
      [
        'source:',
        '  type: sqlite',
        `  serviceName: ${name}`,
        ...(type === 'Profiler'
          ? []
          : [
              `  serviceConnection: { config: { type: SQLite, databaseMode: '${ingestion.env['QUICKSTART_DATABASE'] ?? ''}' } }`,
            ]),
        `  sourceConfig: { config: { type: ${type} } }`,
        'sink: { type: metadata-rest, config: {} }',
        block,
        `ingestionPipelineFQN: ${name}.nightly`,
      ].join('\n');

    it('logger level, spellings, storeServiceConnection: false, which leaves later recipes without a connection', async () => {
      const block = filled('Logger level, service connection, spellings');
      const { report } = await run(MetadataWorkflow, shop(block, 'unstored'), 'python-unstored');
      expect(report.state).to.equal('success');
      expect(await ask('services/databaseServices/name/unstored')).not.to.have.property('connection');
      const profiler = shop(block, 'unstored', 'Profiler');
      const error = await run(ProfilerWorkflow, profiler, 'python-unstored-2').catch((thrown: unknown) => thrown);
      expect(String(error)).to.match(/serviceConnection/);
    });

    it('a token out of AWS Secrets Manager', async () => {
      const { report } = await run(MetadataWorkflow, shop(filled('Token'), 'from_secret'), 'python-secret');
      expect(report.state).to.equal('success');
    });

    it('a server with a certificate of a company’s own authority', async () => {
      const { port } = front.address() as AddressInfo;
      const block = filled('TLS')
        .replace(ingestion.catalog.hostPort, `https://127.0.0.1:${port}/api`)
        .replace('/local/path/to/certificate', authority.caFile);
      expect((await run(MetadataWorkflow, shop(block, 'by_tls'), 'python-tls')).report.state).to.equal('success');
      const ignoring = block.replace('validate', 'ignore').replace(/ *sslConfig:\n.*\n/, '');
      expect((await run(MetadataWorkflow, shop(ignoring, 'by_tls'), 'python-tls-2')).report.state).to.equal('success');
    });

    it('ingestionPipelineFQN: the pipeline is made, and shows the run', async () => {
      const statuses = z.object({ data: z.array(z.looseObject({ pipelineState: z.string() })) });
      const range = `startTs=0&endTs=${Date.now()}`;
      const path = `services/ingestionPipelines/from_secret.nightly/pipelineStatus?${range}`;
      expect(statuses.parse(await ask(path)).data[0]?.pipelineState).to.equal('success');
    });
  });

  async function ask(path: string): Promise<unknown> {
    const headers = { authorization: `Bearer ${ingestion.catalog.token}` };
    const response = await fetch(`${ingestion.catalog.hostPort}/v1/${path}`, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
});

/** TLS before a catalog. */
async function tlsBefore(hostPort: string, authority: TestAuthority): Promise<Server> {
  const { cert, key } = authority.issue('catalog');
  const { hostname: host, port } = new URL(hostPort);
  const server = createServer({ cert, key }, (request, response) => {
    const { method, url: path, headers } = request;
    const onward = send({ host, port, method, path, headers }, (answer) =>
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers))
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
