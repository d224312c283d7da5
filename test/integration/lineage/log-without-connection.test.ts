import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

const STEPS = {
  lineage: '  sourceConfig: {config: {type: DatabaseLineage, processViewLineage: false, queryLogFilePath: LOG}}\n',
  usage: `  sourceConfig: {config: {type: DatabaseUsage, queryLogFilePath: LOG}}
processor: {type: query-parser, config: {}}
stage: {type: table-usage, config: {filename: /tmp/files_usage}}
bulkSink: {type: metadata-usage, config: {filename: /tmp/files_usage}}
`,
};

describe('A query log in files, of a service that OpenMetadata has no connection of', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: OpenMetadataClient;

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
    const { hostPort, token } = ingestion.catalog;
    client = new OpenMetadataClient({ hostPort, token: () => Promise.resolve(token), userAgent: 'test' });
    await client.services.create({ name: 'files', serviceType: 'Mysql' });
    await client.databases.bulkPut([{ name: 'default', service: 'files' }]);
    await client.schemas.bulkPut([{ name: 'shop', database: 'files.default' }]);
    const columns = [{ name: 'id', dataType: 'INT' as const }];
    await client.tables.bulkPut(
      ['orders', 'daily'].map((name) => ({ name, databaseSchema: 'files.default.shop', columns }))
    );
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    writeFileSync(
      join(ingestion.folder, 'log.csv'),
      `query_text,database_name,schema_name,start_time\n"INSERT INTO daily (id) SELECT id FROM orders",default,shop,${day} 10:00:00\n`
    );
  });
  after(async () => {
    await client?.close();
    await ingestion?.stop();
  });

  const run = async (kind: keyof typeof STEPS): Promise<RunReport> => {
    const steps = STEPS[kind].replace('LOG', join(ingestion.folder, 'log.csv'));
    const text = `source:
  type: query-log-${kind}
  serviceName: files
${steps}${kind === 'lineage' ? 'sink: {type: metadata-rest, config: {}}\n' : ''}workflowConfig:
  openMetadataServerConfig:
    hostPort: '\${OM_HOST_PORT}'
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
`;
    writeFileSync(join(ingestion.recipesDir, `${kind}.yaml`), text);
    const { stdout, stderr } = await runCli(['run', `${kind}.yaml`, '--json', '--quiet'], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    expect(stdout, stderr).not.to.equal('');
    return JSON.parse(stdout) as RunReport;
  };

  it('gives lineage', async () => {
    expect((await run('lineage')).state).to.equal('success');
    const ends = [{ fqn: 'files.default.shop.orders' }, { fqn: 'files.default.shop.daily' }] as const;
    expect(await client.lineage.getEdgeByName(...ends)).to.deep.include({ source: 'QueryLineage' });
  });

  it('gives usage', async () => {
    const { state, steps } = await run('usage');
    expect(state).to.equal('success');
    expect(steps.at(-1)?.records).to.equal(2);
  });
});
