import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';

const SCHEMA = 'quickstart_shop.shop.main';
const LOAD = "INSERT INTO daily_sales SELECT order_date, sum(total) FROM orders WHERE status = 'paid' GROUP BY 1";

/** Each situation planted by two metadata runs with a change between them, a lineage, a profiler and a data quality run. */
describe('om-ingest explain', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const explain = async (fqn: string, ...rest: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli('explain', fqn, ...rest);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const recipe = (name: string, change: (text: string) => string = (text) => text): void =>
    writeFileSync(join(ingestion.recipesDir, name), change(readFileSync(join('recipes/quickstart', name), 'utf8')));
  const run = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await cli('run', ...args, '--quiet');
    expect(code, stderr).to.be.oneOf([0, 1]);
  };

  before(async () => {
    ingestion = await startIngestion();
    await ingestion.startWorker();
    recipe('metadata.yaml', (text) =>
      text.replace(
        'includeDDL: true',
        'includeDDL: true\n      tableFilterPattern: {excludes: [^reviews$]}\n      markDeletedTables: true'
      )
    );
    recipe('profiler.yaml', (text) => text.replace('includeViews: true', 'includeViews: false'));
    recipe('data-quality.yaml');
    recipe('lineage.yaml', (text) =>
      text.replace('processQueryLineage: false', `queryLogFilePath: ${join(ingestion.folder, 'log.csv')}`)
    );
    writeFileSync(join(ingestion.folder, 'log.csv'), `query_text,database_name,schema_name\n"${LOAD}",shop,main\n`);
    const shop = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    shop.exec('CREATE TABLE daily_sales (day TEXT, total REAL); CREATE TABLE soon_gone (id INTEGER)');
    await run('metadata.yaml');
    shop.exec('DROP TABLE soon_gone; ALTER TABLE products ADD COLUMN colour TEXT');
    shop.close();
    await run('metadata.yaml');
    await run('lineage.yaml');
    await run('profiler.yaml');
    await run('data-quality.yaml');
  });
  after(() => ingestion.stop());

  it('names the filter that leaves a table out, as the last run met it and as the recipe says now', async () => {
    expect(await explain(`${SCHEMA}.reviews`, 'metadata.yaml'))
      .to.match(/recipe +as table or view left out: filtered by tableFilterPattern\.excludes; as procedure let in/)
      .and.to.match(/catalog +not there/)
      .and.to.match(/metadata +\S+Z {2}\S+\n +filtered: filtered by tableFilterPattern\.excludes/);
  });

  it('tells what each of the last runs did with a table', async () => {
    expect(await explain(`${SCHEMA}.orders`, 'metadata.yaml'))
      .to.match(/recipe +lets it in/)
      .and.to.match(/catalog +there \(tables, version/)
      .and.to.match(/metadata .*\n +unchanged\n.*\n +written/);
    expect(await explain(`${SCHEMA}.products`)).to.match(/metadata .*\n +written\n.*\n +written/);
  });

  it('shows of a dropped table when it was seen last, and that it is marked', async () => {
    expect(await explain(`${SCHEMA}.soon_gone`, 'metadata.yaml'))
      .to.match(/catalog +marked deleted/)
      .and.to.match(/metadata .*\n +not met\n.*\n +written/);
  });

  it('names the text behind an edge, at both of its ends', async () => {
    const masked = LOAD.replace("'paid'", '?');
    expect(await explain(`${SCHEMA}.daily_sales`))
      .to.contain(`edge from ${SCHEMA}.orders: written`)
      .and.to.contain(masked);
    expect(await explain(`${SCHEMA}.orders`))
      .to.contain(`edge to ${SCHEMA}.daily_sales: written`)
      .and.to.contain(masked);
  });

  it('says why a view has no profile', async () => {
    expect(await explain(`${SCHEMA}.order_totals`)).to.match(/profiler .*\n +filtered: .*includeViews/);
    expect(await explain(`${SCHEMA}.orders`)).to.match(/profiler .*\n +written/);
  });

  it('tells which test ran which SQL, of a test and of its table', async () => {
    expect(await explain(`${SCHEMA}.orders.paid_orders_are_shipped`))
      .to.match(/data quality .*\n +written: Failed: Found 1 row/)
      .and.match(/by SELECT COUNT\(\*\) FROM \( SELECT order_id, status/);
    expect(await explain(`${SCHEMA}.orders`))
      .to.match(/orders\.order_id\.order_id_is_unique: written: Success: .*\n +by SELECT COUNT\(.order_id.\)/)
      .and.contain('paid_orders_are_shipped: written: Failed');
  });

  it('finds a test of a logical suite by its own name, whatever the suite is called', async () => {
    const { hostPort, token } = ingestion.catalog;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const put = async (path: string, body: unknown): Promise<{ id: string }> => {
      const answer = await fetch(`${hostPort}/v1/dataQuality/${path}`, {
        method: 'PUT',
        headers,
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { id: string };
    };
    const { id } = await put('testCases', {
      name: 'few_products',
      testDefinition: 'tableRowCountToBeBetween',
      entityLink: `<#E::table::${SCHEMA}.products>`,
      parameterValues: [{ name: 'maxValue', value: '1' }],
    });
    const suite = await put('testSuites', { name: 'nightly' });
    await put('testCases/logicalTestCases', { testSuiteId: suite.id, testCaseIds: [id] });
    const text = readFileSync('recipes/quickstart/data-quality.yaml', 'utf8')
      .replace('serviceName: quickstart_shop', 'serviceName: nightly')
      .replace(/ +entityFullyQualifiedName: .*\n/, '')
      .replace(/ {4}testCases:[^]*?\nsink:/, 'sink:');
    writeFileSync(join(ingestion.recipesDir, 'nightly.yaml'), text);
    await run('nightly.yaml');
    expect(await explain(`${SCHEMA}.products.few_products`)).to.match(
      /data quality .*\n +written: Failed: Found rowCount/
    );
    expect(await explain(`${SCHEMA}.products`)).to.contain('few_products: written: Failed');
  });

  it('answers of a schema and a database, and in JSON', async () => {
    expect(await explain(SCHEMA, 'metadata.yaml')).to.match(/catalog +there \(databaseSchemas/);
    const { runs } = JSON.parse(await explain('quickstart_shop.shop', '--json')) as { runs: { kind: string }[] };
    expect(runs.filter(({ kind }) => kind === 'metadata')).to.have.length(2);
  });

  it('says that no run is known of a service, and what is no name', async () => {
    expect(await explain('other.a.b.c')).to.contain('no journal in the staging store');
    const { code, stderr } = await cli('explain', 'a..b');
    expect(code).to.equal(2);
    expect(stderr).to.contain('a..b is not a fully qualified name');
  });
});
