import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import Database from 'libsql';
import { z } from 'zod';
import { runCli, type CliOutcome } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';

/** Write it anew after a change that is meant: `UPDATE_GOLDEN=1`; and read the difference. */
const GOLDEN = 'test/data/explain/situations.txt';
const SCHEMA = 'quickstart_shop.shop.main';
const MYSQL = 'mysql.default.warehouse';
const LOAD = "INSERT INTO daily_sales SELECT order_date, sum(total) FROM orders WHERE status = 'paid' GROUP BY 1";
const LONG = 'l'.repeat(300);

const PRODUCT_TEST = '      - { name: product_names, testDefinitionName: columnValuesToBeNotNull, columnName: name }\n';
const identified = z.looseObject({ id: z.string() });

/** What is asked, of which situation, with which recipe. */
type Situation = readonly [about: string, fqn: string, recipe?: string];

const SITUATIONS: readonly Situation[] = [
  ['let in, unchanged, the source of edges, used, tested, not profiled anew', `${SCHEMA}.orders`, 'metadata.yaml'],
  ['left out by an exclude', `${SCHEMA}.reviews`, 'metadata.yaml'],
  ['left out with its schema, by the filters of now', 'quickstart_shop.shop.archive.orders', 'metadata.yaml'],
  ['changed between the runs', `${SCHEMA}.products`],
  ['dropped, and marked deleted', `${SCHEMA}.soon_gone_1`, 'metadata.yaml'],
  ['dropped, and held back by the guard', `${SCHEMA}.soon_gone_2`, 'metadata.yaml'],
  ['a view that the source can not read', `${SCHEMA}.broken`],
  ['refused by the catalog', `${SCHEMA}.${LONG}`],
  ['two names that become one', `${SCHEMA}.a__reserved__quote__b`],
  ['a foreign key to a table that is not in the catalog', `${SCHEMA}.review_votes`],
  ['a view that names a table that is not in the catalog', `${SCHEMA}.review_scores`],
  ['a view whose text is not understood', `${SCHEMA}.by_hand`],
  ['the target of an edge, with the text that gave it', `${SCHEMA}.daily_sales`, 'lineage.yaml'],
  ['no profile of a view', `${SCHEMA}.order_totals`, 'profiler.yaml'],
  ['no profile: its configuration is wrong', `${SCHEMA}.categories`],
  ['no profile in the first run, whose budget was spent', `${SCHEMA}.suppliers`],
  ['a test, with its SQL', `${SCHEMA}.orders.paid_orders_are_shipped`],
  ['a test that a logical suite ran last', `${SCHEMA}.products.name.product_names`],
  ['a schema', SCHEMA, 'metadata.yaml'],
  ['a name in another case', `${SCHEMA}.Order_Itms`],
  ['a column', `${SCHEMA}.orders.ordered_at`],
  ['a service that no run knows', 'other.a.b.c'],
];

const ON_MARIADB: readonly Situation[] = [
  ['larger than maxRows', `${MYSQL}.large`, 'mysql/profiler.yaml'],
  ['rows that the profiler’s user may not read', `${MYSQL}.secret_rows`],
];

/**
 * Each situation planted by two metadata and profiler runs with a change between them, a lineage, a usage and a data
 * quality run.
 */
describe('om-ingest explain', function () {
  this.timeout(240_000);
  let ingestion: Ingestion;
  let mariadb: TestMariadb | undefined;

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });
  const explain = async (fqn: string, ...rest: string[]): Promise<string> => {
    const { code, stdout, stderr } = await cli('explain', fqn, ...rest);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const recipe = (folder: string, name: string, change: (text: string) => string = (text) => text): void =>
    writeFileSync(
      join(ingestion.recipesDir, folder === 'quickstart' ? '' : folder, name),
      change(readFileSync(join('recipes', folder, name), 'utf8'))
    );
  const run = async (name: string): Promise<void> => {
    const { code, stderr } = await cli('run', name, '--quiet');
    expect(code, stderr).to.be.oneOf([0, 1]);
  };

  before(async () => {
    if (hasMariadb()) mariadb = await startMariadb();
    const { hostPort = '', user = '', password = '' } = mariadb ?? {};
    ingestion = await startIngestion({
      env: { MYSQL_HOST_PORT: hostPort, MYSQL_USER: user, MYSQL_PASSWORD: password, POOR_PASSWORD: 'poor' },
    });
    await ingestion.startWorker();
    const log = join(ingestion.folder, 'log.csv');
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    writeFileSync(
      log,
      ['query_text,database_name,schema_name,user_name,start_time', `"${LOAD}",shop,main,etl,${day} 03:00:00`, ''].join(
        '\n'
      )
    );
    recipe('quickstart', 'metadata.yaml', (text) =>
      text
        .replace(
          'includeDDL: true',
          'includeDDL: true\n      tableFilterPattern: {excludes: [^reviews$]}\n      schemaFilterPattern: {excludes: [^archive$]}'
        )
        .replace('loggerLevel: INFO', 'config: { maxDeletedPercent: 6 }\n  successThreshold: 50\n  loggerLevel: INFO')
    );
    recipe('quickstart', 'lineage.yaml', (text) =>
      text.replace(
        'processQueryLineage: false',
        `queryLogFilePath: ${log}\n      tableFilterPattern: {excludes: [^tmp_]}`
      )
    );
    recipe('quickstart', 'usage.yaml', (text) => text.replace(/queryLogFilePath: .*/, `queryLogFilePath: ${log}`));
    recipe('quickstart', 'data-quality.yaml');
    const profiler = (config: string) => (text: string) =>
      text
        .replace('includeViews: true', 'includeViews: false')
        .replace(
          /^sink:/m,
          `processor: { type: orm-profiler, config: { tableConfig: [{ fullyQualifiedName: ${SCHEMA}.categories, profileQuery: SELECT * FROM nowhere }] } }\nsink:`
        )
        .replace('loggerLevel: INFO', `successThreshold: 1\n  config: { profiler: ${config} }\n  loggerLevel: INFO`);

    const shop = new Database(ingestion.env['QUICKSTART_DATABASE'] ?? '');
    shop.exec(`
      CREATE TABLE daily_sales (day TEXT, total REAL);
      CREATE TABLE soon_gone_1 (id INTEGER); CREATE TABLE soon_gone_2 (id INTEGER);
      CREATE TABLE "a""b" (id INTEGER); CREATE TABLE a__reserved__quote__b (id INTEGER);
      CREATE TABLE ${LONG} (id INTEGER);
      CREATE TABLE review_votes (vote_id INTEGER PRIMARY KEY, review_id INTEGER REFERENCES reviews (review_id));
      CREATE VIEW review_scores AS SELECT product_id, count(*) AS reviews FROM reviews GROUP BY 1;
      CREATE VIEW broken AS SELECT id FROM nowhere`);
    await run('metadata.yaml');
    shop.exec('DROP TABLE soon_gone_1; DROP TABLE soon_gone_2; ALTER TABLE products ADD COLUMN colour TEXT');
    shop.close();
    await run('metadata.yaml');
    await putView('by_hand', 'CREATE VIEW by_hand AS SELECT order_id FRM ((orders');
    await run('lineage.yaml');
    await run('usage.yaml');
    recipe('quickstart', 'profiler.yaml', profiler('{ budget: { statements: 9 } }'));
    await run('profiler.yaml');
    recipe('quickstart', 'profiler.yaml', profiler('{}'));
    await run('profiler.yaml');
    await run('data-quality.yaml');
    recipe('quickstart', 'data-quality.yaml', (text) =>
      text
        .replace(`${SCHEMA}.orders\n`, `${SCHEMA}.products\n`)
        .replace(/ {6}- name: orders_are_there[\s\S]*?(?=^sink)/m, PRODUCT_TEST)
        .replace(/^ingestionPipelineFQN.*/m, '')
    );
    await run('data-quality.yaml');
    await runLogicalSuite('all_products');
    if (mariadb !== undefined) await plantOnMariadb(mariadb);
  });
  after(async () => {
    await ingestion.stop();
    await mariadb?.stop();
  });

  async function plantOnMariadb(server: TestMariadb): Promise<void> {
    await server.run(`
      CREATE DATABASE warehouse; USE warehouse;
      CREATE TABLE warehouse.large AS SELECT seq AS id FROM seq_1_to_2000;
      CREATE TABLE warehouse.secret_rows (id INT);
      ANALYZE TABLE warehouse.large;
      CREATE USER poor@'%' IDENTIFIED BY 'poor';
      GRANT SELECT ON warehouse.large TO poor@'%'`);
    const only = 'schemaFilterPattern: { includes: [^warehouse$] }';
    const schemas = /schemaFilterPattern:\n(?: {8}.*\n)+/;
    recipe('mysql', 'metadata.yaml', (text) => text.replace(schemas, `${only}\n`));
    recipe('mysql', 'profiler.yaml', (text) =>
      text
        .replace(schemas, `${only}\n`)
        .replace('${MYSQL_USER}', 'poor')
        .replace('${MYSQL_PASSWORD}', '${POOR_PASSWORD}')
        .replace('skipUnchanged: true', 'maxRows: 1000')
        .replace('loggerLevel', 'successThreshold: 1\n  loggerLevel')
    );
    await run('mysql/metadata.yaml');
    await run('mysql/profiler.yaml');
  }

  const putView = (name: string, schemaDefinition: string): Promise<unknown> =>
    send('PUT', 'tables', {
      ...{ name, tableType: 'View', databaseSchema: SCHEMA, schemaDefinition },
      columns: [{ name: 'order_id', dataType: 'INT' }],
    });

  /** A logical suite of one test that the table's own recipe made. */
  async function runLogicalSuite(suite: string): Promise<void> {
    const made = identified.parse(await send('PUT', 'dataQuality/testSuites', { name: suite }));
    const path = `dataQuality/testCases/name/${SCHEMA}.products.name.product_names`;
    const test = identified.parse(await send('GET', path));
    await send('PUT', 'dataQuality/testCases/logicalTestCases', { testSuiteId: made.id, testCaseIds: [test.id] });
    recipe('quickstart', 'data-quality.yaml', (text) =>
      text
        .replace('serviceName: quickstart_shop', `serviceName: ${suite}`)
        .replace(/ +entityFullyQualifiedName.*\n/, '')
        .replace(/^ {2}config:\n {4}testCases:[\s\S]*?(?=^sink)/m, '')
        .replace(/^ingestionPipelineFQN.*/m, '')
    );
    await run('data-quality.yaml');
  }

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${ingestion.catalog.hostPort}/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${ingestion.catalog.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.ok, text).to.equal(true);
    return text === '' ? undefined : JSON.parse(text);
  }

  for (const [about, fqn, recipeName] of [...SITUATIONS, ...ON_MARIADB])
    it(`explains ${about}`, async function () {
      if (fqn.startsWith('mysql.') && mariadb === undefined) return this.skip();
      const found = lasting(await explain(fqn, ...(recipeName === undefined ? [] : [recipeName])));
      if (process.env['UPDATE_GOLDEN'] === '1') return writeSection(about, found);
      expect(found).to.equal(sections().get(about));
    });

  it('answers in JSON', async () => {
    const { runs } = JSON.parse(await explain('quickstart_shop.shop', '--json')) as { runs: { kind: string }[] };
    expect(runs.filter(({ kind }) => kind === 'metadata')).to.have.length(2);
  });

  it('says what is no name', async () => {
    const { code, stderr } = await cli('explain', 'a..b');
    expect(code).to.equal(2);
    expect(stderr).to.contain('a..b is not a fully qualified name');
  });
});

/** Without what is another one in each run. */
function lasting(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\b\d{4}-\d\d-\d\d\b/g, '<day>')
    .replace(/\b[\da-f]{8}-[\da-f-]{27}\b/g, '<run>')
    .replace(/staging store \S+:/, 'staging store <store>:')
    .replace(/\/\S*\/om-ingestion-\w+/g, '<folder>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replaceAll(LONG, '<300 times l>')
    .trim();
}

const HEAD = /^## (.*)\n/m;

function sections(): Map<string, string> {
  const [, ...parts] = readFileSync(GOLDEN, 'utf8').split(HEAD);
  const found = new Map<string, string>();
  for (let at = 0; at < parts.length; at += 2) found.set(parts[at] ?? '', (parts[at + 1] ?? '').trim());
  return found;
}

function writeSection(about: string, text: string): void {
  const all = sections().set(about, text);
  writeFileSync(GOLDEN, [...all].map(([title, body]) => `## ${title}\n\n${body}\n`).join('\n'));
}
