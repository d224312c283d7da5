import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

describe('om-ingest plan', () => {
  let ingestion: Ingestion;

  before(async () => {
    ingestion = await startIngestion();
    const recipe = readFileSync(join(ingestion.recipesDir, 'shop.yaml'), 'utf8');
    const filtered = recipe.replace(
      '      includeDDL: true',
      '      includeDDL: true\n      tableFilterPattern:\n        excludes: [^reviews$]\n      includeViews: false'
    );
    writeFileSync(join(ingestion.recipesDir, 'filtered.yaml'), filtered);
    writeFileSync(
      join(ingestion.recipesDir, 'lineage.yaml'),
      recipe
        .replace('type: sqlite', 'type: sqlite-lineage')
        .replace('DatabaseMetadata\n      includeDDL: true', 'DatabaseLineage')
    );
  });
  after(() => ingestion.stop());

  // no Temporal: a plan starts no workflow
  const cli = (...args: string[]): Promise<CliOutcome> =>
    runCli(args, { env: { ...ingestion.env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, cwd: ingestion.folder });

  it('of a profiler recipe needs the service to be there, as its run does', async () => {
    const profiler = readFileSync('recipes/quickstart/profiler.yaml', 'utf8');
    writeFileSync(join(ingestion.recipesDir, 'profiler.yaml'), profiler);
    const { code, stderr } = await cli('plan', 'profiler.yaml');
    expect(code, stderr).to.equal(2);
    expect(stderr)
      .to.contain('OpenMetadata has no service quickstart_shop.')
      .and.contain('run its metadata recipe first');
  });

  it('creates everything at first, without Temporal and without a write to the catalog', async () => {
    const { code, stdout, stderr } = await cli('plan', 'shop.yaml', '--limit', '3');
    expect(code, stderr).to.equal(0);
    expect(stdout)
      .to.match(/^A run of quickstart_shop now: 15 to create, 0 to update, 0 unchanged, 0 to mark deleted, 0 left out/)
      .and.to.contain('create the service quickstart_shop')
      .and.to.contain('create tables and views (13)')
      .and.to.contain('… and 10 more');
    const services = await fetch(`${ingestion.catalog.hostPort}/v1/services/databaseServices`, {
      headers: { Authorization: `Bearer ${ingestion.catalog.token}` },
    });
    expect(await services.json()).to.deep.include({ data: [] });
  });

  it('names by FQN and reason what the recipe leaves out', async () => {
    const { code, stdout } = await cli('plan', 'filtered.yaml');
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/leave out \(4\)/)
      .and.to.match(/table quickstart_shop\.shop\.\S+\.reviews: filtered by tableFilterPattern\.excludes: \^reviews\$/)
      .and.to.match(/order_totals: views are left out \(includeViews: false\)/);
  });

  it('after a run finds what changed in the source, in JSON', async () => {
    const run = await runCli(['run', 'recipes/shop.yaml', '--local', '--quiet'], {
      env: { ...ingestion.env, TEMPORAL_ADDRESS: undefined },
      cwd: ingestion.folder,
    });
    expect(run.code, run.stderr).to.equal(0);
    const unchanged = await cli('plan', 'shop.yaml', '--json');
    expect(JSON.parse(unchanged.stdout)).to.deep.include({ unchanged: 15 });

    const database = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    database.exec(
      'DROP TABLE reviews; CREATE TABLE vouchers (id INTEGER); ALTER TABLE inventory ADD COLUMN shelf TEXT'
    );
    database.close();
    const { code, stdout, stderr } = await cli('plan', 'shop.yaml', '--json');
    expect(code, stderr).to.equal(0);
    const { changes } = JSON.parse(stdout) as { changes: { tables: Record<string, { first: string[] }> } };
    const names = Object.entries(changes.tables).map(([verb, { first }]) => [
      verb,
      first.map((fqn) => fqn.split('.').at(-1)),
    ]);
    expect(Object.fromEntries(names)).to.deep.equal({
      created: ['vouchers'],
      updated: ['inventory'],
      deleted: ['reviews'],
    });
  });

  it('of lineage there is none, which is said', async () => {
    const { code, stderr } = await cli('plan', 'lineage.yaml');
    expect(code).to.equal(3);
    expect(stderr).to.contain('Lineage has no plan');
  });
});
