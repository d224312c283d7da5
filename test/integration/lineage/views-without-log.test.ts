import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunReport } from '../../../src/report/index.js';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

const RECIPE = `source:
  type: sqlite-lineage
  serviceName: shop
  sourceConfig: {config: {type: DatabaseLineage}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  openMetadataServerConfig:
    hostPort: '\${OM_HOST_PORT}'
    authProvider: openmetadata
    securityConfig: {jwtToken: '\${OM_JWT_TOKEN}'}
`;

describe('Lineage of a source that has no query log', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let client: OpenMetadataClient;

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
    writeFileSync(join(ingestion.recipesDir, 'lineage.yaml'), RECIPE);
    const { hostPort, token } = ingestion.catalog;
    client = new OpenMetadataClient({ hostPort, token: () => Promise.resolve(token), userAgent: 'test' });
    await client.services.create({ name: 'shop', serviceType: 'SQLite' });
    await client.databases.bulkPut([{ name: 'default', service: 'shop' }]);
    await client.schemas.bulkPut([{ name: 'main', database: 'shop.default' }]);
    const columns = [{ name: 'id', dataType: 'INT' as const }];
    const schemaDefinition = 'CREATE VIEW daily AS SELECT id FROM orders';
    await client.tables.bulkPut([
      { name: 'orders', databaseSchema: 'shop.default.main', columns },
      { name: 'daily', databaseSchema: 'shop.default.main', columns, tableType: 'View', schemaDefinition },
    ]);
  });
  after(async () => {
    await client?.close();
    await ingestion?.stop();
  });

  const cli = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await runCli(args, { env: ingestion.env, cwd: ingestion.folder });
    expect(stdout, stderr).not.to.equal('');
    return stdout;
  };

  it('is that of its views, by a recipe without further settings', async () => {
    const report = JSON.parse(await cli('run', 'lineage.yaml', '--json', '--quiet')) as RunReport;
    expect(report.state).to.equal('success');
    expect(report.notes.join('\n')).to.match(
      /sqlite has no query log: the lineage is that of views\..*queryLogFilePath/
    );
    const ends = [{ fqn: 'shop.default.main.orders' }, { fqn: 'shop.default.main.daily' }] as const;
    expect(await client.lineage.getEdgeByName(...ends)).to.deep.include({ source: 'ViewLineage' });
  });

  it('is no fault to check', async () => {
    const text = await cli('check', join(ingestion.recipesDir, 'lineage.yaml'));
    expect(text).to.match(/query log.*sqlite has none, so that nothing of the source is read/);
  });
});
