import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { runCli, startCli, type CliOutcome } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { heldUsage, type HeldUsage } from './held-usage.js';

const TODAY = new Date().toISOString().slice(0, 10);

describe('usageWorkflow of PostgreSQL', function () {
  this.timeout(180_000);
  let server: TestPostgres;
  let ingestion: Ingestion;
  let catalog: string;

  before(async function () {
    if (!hasPostgres()) return this.skip();
    server = await startPostgres({
      settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all' },
    });
    await server.query(`CREATE EXTENSION pg_stat_statements; GRANT pg_read_all_stats TO ${server.user};
CREATE ROLE jane SUPERUSER; CREATE ROLE etl SUPERUSER; CREATE SCHEMA mart;
CREATE TABLE orders (id INT, customer_id INT); CREATE TABLE customers (id INT, name TEXT); CREATE TABLE mart.archive (id INT, customer_id INT); CREATE TABLE leads (id INT); CREATE TABLE twins (id INT, "Id" INT); CREATE TABLE visits (id INT);
CREATE FUNCTION count_orders() RETURNS BIGINT LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM orders); END'`);
    await server.query('CREATE DATABASE elsewhere');
    catalog = path.join(server.folder, 'catalog.db');
    ingestion = await startIngestion({
      catalogFile: catalog,
      env: {
        POSTGRES_HOST_PORT: server.hostPort,
        POSTGRES_USER: server.user,
        POSTGRES_PASSWORD: server.password,
      },
    });
    const fromFile = `queryLogFilePath: ${path.join(ingestion.recipesDir, 'log.csv')}`;
    const usage = readFileSync('recipes/postgres/usage.yaml', 'utf8');
    const recipe = (name: string, text: string): void => writeFileSync(path.join(ingestion.recipesDir, name), text);
    recipe('pg.yaml', readFileSync('recipes/postgres/metadata.yaml', 'utf8'));
    recipe('usage.yaml', usage);
    recipe('beside.yaml', usage.replace('.usage', '.usage-beside'));
    recipe('file.yaml', usage.replace('queryLogDuration: 1', fromFile));
    const lineage = readFileSync('recipes/postgres/lineage.yaml', 'utf8');
    recipe('file-lineage.yaml', lineage.replace('queryLogDuration: 1', fromFile));
    recipe(
      'log.csv',
      `query_text,user_name
SELECT id FROM leads,jane
INSERT INTO leads SELECT id FROM customers,jane
"SELECT 1 FROM twins t JOIN visits v ON t.""Id"" = v.id AND t.id = v.id",jane
"INSERT INTO twins (id, ""Id"") SELECT customer_id, id FROM orders",jane
`
    );
    await ingestion.startWorker();
    await ok('run', 'pg.yaml');
    const answer = await fetch(`${ingestion.catalog.url}/api/v1/users`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ingestion.catalog.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'jane', email: 'jane@example.com' }),
    });
    expect(answer.ok).to.equal(true);
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  async function ok(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli(...args);
    expect(code, stdout + stderr).to.equal(0);
    return stdout;
  }
  const held = (): HeldUsage => heldUsage(catalog);
  const count = (table: string): number => held().counts[table]?.[TODAY] ?? 0;
  async function as(role: string, times: number, sql: string): Promise<void> {
    for (let n = 0; n < times; n += 1) await server.query(`SET ROLE ${role}; ${sql}`);
  }

  it('is checked and planned, without counting anything', async () => {
    await as('jane', 5, 'SELECT * FROM orders WHERE id = 1');
    await server.query('SELECT pg_sleep(0); SELECT 1 FROM orders WHERE false', 'postgres');
    expect(await ok('validate', 'usage.yaml')).to.include('usage');
    const checked = await ok('check', 'usage.yaml');
    expect(checked).to.include('"pg_stat_statements" can be read').and.to.include('no statement was pushed out');
    expect(await ok('plan', 'usage.yaml')).to.include('a plan shows what a first run would count');
  });

  it('counts what the server counted since the run before, on the day of the run: by user, text and join', async () => {
    await server.query('CREATE TABLE mark AS SELECT 1 AS one');
    const first = await ok('run', 'usage.yaml');
    const before = held().counts;
    await as('jane', 3, 'SELECT * FROM orders WHERE id = 7');
    await as('etl', 2, 'SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id');
    await as('etl', 1, 'INSERT INTO mart.archive SELECT * FROM orders');
    await as('jane', 1, 'SELECT count_orders()');
    await server.query('SELECT * FROM no_such_table').catch(() => undefined);
    await server.query('CREATE TABLE orders (id INT); SELECT * FROM orders', 'elsewhere');
    const report = await ok('run', 'usage.yaml');
    expect(report, first).to.include('knows no times of them').and.to.include(TODAY);
    const { counts, joins, queries } = held();
    const grown = Object.fromEntries(
      Object.entries(counts).map(([name, days]) => [name, (days[TODAY] ?? 0) - (before[name]?.[TODAY] ?? 0)])
    );
    expect(grown).to.include({ 'public.orders': 7, 'public.customers': 2, 'mart.archive': 1 });
    expect(joins).to.deep.equal([`${TODAY} public.customers.id = public.orders.customer_id: 2`]);
    expect(queries.find(({ text }) => text.startsWith('SELECT * FROM orders WHERE id'))).to.deep.include({
      tables: ['public.orders'],
      users: ['jane'],
      usedBy: ['jane'],
    });
    expect(queries.find(({ text }) => text.startsWith('SELECT c.name'))).to.deep.include({
      users: [],
      usedBy: ['etl'],
    });
  });

  it('counts once what the server counts twice with the statements inside others, and what EXPLAIN hides', async () => {
    await server.query('CREATE TABLE parts (id INT); CREATE MATERIALIZED VIEW few_parts AS SELECT id FROM parts');
    await ok('run', 'pg.yaml');
    await ok('run', 'usage.yaml');
    const before = [count('public.parts'), count('public.few_parts')];
    await as('jane', 2, 'SELECT id FROM parts WHERE id = 7');
    await as('jane', 3, 'EXPLAIN ANALYZE SELECT id FROM parts WHERE id = 8');
    await as('jane', 1, '/* a plan */ EXPLAIN SELECT id FROM parts WHERE id = 9');
    await as('jane', 1, "COPY (SELECT id FROM parts WHERE id = 1) TO PROGRAM 'cat > /dev/null'");
    await as('jane', 1, 'DO $$ BEGIN PERFORM 1 FROM parts; END $$');
    await as('jane', 1, 'REFRESH MATERIALIZED VIEW few_parts');
    await ok('run', 'usage.yaml');
    expect([count('public.parts'), count('public.few_parts')]).to.deep.equal([
      (before[0] ?? 0) + 4,
      (before[1] ?? 0) + 1,
    ]);
  });

  it('leaves out statements of dbt and of ingestions, marked at either end', async () => {
    const dbt = '/* {"app": "dbt", "dbt_version": "1.7.4", "node_id": "model.shop.fct"} */';
    await server.query('CREATE TABLE marked (id INT)');
    await ok('run', 'pg.yaml');
    await ok('run', 'usage.yaml');
    const before = count('public.marked');
    await as('jane', 2, `SELECT id, 1 FROM marked\n${dbt}`);
    await as('jane', 2, `SELECT id, 1, 2 FROM marked ${dbt};`);
    await server.query(`-- ${dbt}\nSELECT id, 1, 2, 3 FROM marked`);
    await as('jane', 3, `SELECT id ${dbt} FROM marked WHERE id > 1`);
    await ok('run', 'usage.yaml');
    expect(count('public.marked')).to.equal(before + 3);
  });

  it('counts what is prepared as often as it is executed', async () => {
    const tables = ['public.orders', 'public.customers'];
    const before = tables.map(count);
    const joined = (): number => Number(/: (\d+)$/.exec(held().joins[0] ?? '')?.[1]);
    const joins = joined();
    await server.query(`PREPARE p AS SELECT count(*) FROM orders o JOIN customers c ON o.customer_id = c.id;
EXECUTE p; EXECUTE p; EXECUTE p; PREPARE q (int) AS SELECT id FROM customers WHERE id = $1; DEALLOCATE q`);
    await ok('run', 'usage.yaml');
    expect(tables.map((table, index) => count(table) - (before[index] ?? 0))).to.deep.equal([3, 3]);
    expect(joined() - joins).to.equal(3);
  });

  it('adds nothing by a run without new calls', async () => {
    const before = held();
    await ok('run', 'usage.yaml');
    expect(held()).to.deep.equal(before);
  });

  it('counts what was added after a reset though the statements were hidden from a run in between', async () => {
    const before = count('public.customers');
    const right = 'pg_read_all_stats';
    const calls = (times: number): Promise<void> => as('jane', times, 'SELECT name FROM customers');
    await server.query('SELECT pg_stat_statements_reset()');
    await calls(2);
    await ok('run', 'usage.yaml');
    await server.query(`REVOKE ${right} FROM ${server.user}`);
    await ok('run', 'usage.yaml');
    await calls(3);
    await server.query(`GRANT ${right} TO ${server.user}`);
    expect(await ok('run', 'usage.yaml')).to.include('knows no times of them');
    expect(count('public.customers') - before).to.equal(5);
  });

  it('goes on counting after a reset, and by an older version of the view', async () => {
    const before = count('public.customers');
    await server.query('SELECT pg_stat_statements_reset()');
    await as('jane', 4, 'SELECT name FROM customers');
    await as('etl', 1, 'SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer_id');
    expect(await ok('run', 'usage.yaml')).to.match(/counters? restarted/);
    expect(count('public.customers') - before).to.equal(5);
    for (const version of ['1.7', '1.8']) {
      await server.query(`DROP EXTENSION pg_stat_statements; CREATE EXTENSION pg_stat_statements VERSION '${version}'`);
      const earlier = count('public.customers');
      await as('jane', 2, 'SELECT name FROM customers');
      await ok('run', 'usage.yaml');
      expect(count('public.customers') - earlier, version).to.equal(2);
    }
  });

  it('counts each call once when two runs read it at the same time', async () => {
    const before = count('public.customers');
    await as('jane', 6, 'SELECT name FROM customers');
    const options = { env: ingestion.env, cwd: ingestion.folder };
    const both = await Promise.all(
      ['usage.yaml', 'beside.yaml'].map((recipe) => startCli(['run', recipe], options).ended)
    );
    expect(both.map(({ code }) => code)).to.deep.equal([0, 0]);
    expect(count('public.customers') - before).to.equal(6);
    await ok('run', 'usage.yaml');
    expect(count('public.customers') - before).to.equal(6);
  });

  it('reads a log in files as well', async () => {
    await ok('run', 'file.yaml');
    expect(count('public.leads')).to.equal(2);
    await ok('run', 'file-lineage.yaml');
    const { url, token } = ingestion.catalog;
    const answer = await fetch(`${url}/api/v1/lineage/table/name/postgres.postgres.public.leads`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await answer.text()).to.include('postgres.postgres.public.customers');
  });

  it('keeps columns apart whose names differ by case only', async () => {
    const joins = held().joins.filter((join) => join.includes('twins'));
    expect(joins.map((join) => join.slice(TODAY.length + 1))).to.deep.equal([
      'public.twins.Id = public.visits.id: 1',
      'public.twins.id = public.visits.id: 1',
    ]);
    const { url, token } = ingestion.catalog;
    const answer = await fetch(`${url}/api/v1/lineage/table/name/postgres.postgres.public.twins`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const link = (from: string, to: string): string =>
      `{"fromColumns":["postgres.postgres.public.orders.${from}"],"toColumn":"postgres.postgres.public.twins.${to}"}`;
    expect(await answer.text()).to.include(`[${link('id', 'Id')},${link('customer_id', 'id')}]`);
  });
});
