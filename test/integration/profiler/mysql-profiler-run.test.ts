import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { catalogReader, profilerReport, type CatalogReader, type ProfilerReport } from './profiler-report.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { mariadbEnvironment } from '../../services/mariadb-environment.js';

/** A statement of ours that reads rows: the general log has those of the catalogue too. */
const SCANS = /FROM `shop`/;

describe('om-ingest run recipes/mysql/profiler.yaml', () => {
  let server: TestMariadb;
  let ingestion: Ingestion;
  let env: Record<string, string>;
  let catalog: CatalogReader;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    this.timeout(240_000);
    server = await startMariadb();
    await server.run(`CREATE DATABASE shop CHARACTER SET utf8mb4;
CREATE TABLE shop.customers (id INT PRIMARY KEY, name VARCHAR(80), born DATE, credit DECIMAL(12,2));
CREATE TABLE shop.orders (id INT PRIMARY KEY, customer INT, at DATETIME, total DECIMAL(12,2), state ENUM('open','sent','lost'));
CREATE TABLE shop.empty (id INT, note TEXT);
INSERT INTO shop.customers VALUES (1, 'Ana', '1980-02-29', 10.5), (2, 'Bo 🚀', NULL, -3.25), (3, NULL, '1999-12-31', NULL)`);
    await server.run(
      `USE shop; INSERT INTO shop.orders SELECT seq, seq MOD 3 + 1, '2024-01-01' + INTERVAL seq HOUR, seq / 4, ELT(seq MOD 2 + 1, 'open', 'sent') FROM seq_1_to_1000`
    );
    ingestion = await startIngestion();
    for (const name of ['metadata', 'profiler'])
      writeFileSync(join(ingestion.recipesDir, `my-${name}.yaml`), readFileSync(`recipes/mysql/${name}.yaml`, 'utf8'));
    env = {
      ...ingestion.env,
      ...mariadbEnvironment(server),
    };
    Object.assign(ingestion.env, env);
    await ingestion.startWorker();
    catalog = catalogReader(ingestion.catalog);
    await run('my-metadata.yaml', 0);
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  async function run(recipe: string, expected: number): Promise<ProfilerReport> {
    const { code, stdout, stderr } = await runCli(['run', recipe, '--json'], { env, cwd: ingestion.folder });
    expect(code, stdout + stderr).to.equal(expected);
    return profilerReport.parse(JSON.parse(stdout));
  }

  it('profiles every table in two statements, and publishes what plain arithmetic gives', async () => {
    await server.logStatements(true);
    const done = await run('my-profiler.yaml', 0);
    const log = (await server.generalLog()).filter(({ text }) => SCANS.test(text));
    await server.logStatements(false);
    // the empty table needs one alone
    expect(log.length).to.equal(5);
    expect(done.steps.map(({ name, records }) => [name, records])).to.deep.equal([
      ['OpenMetadata Service', 3],
      ['Profiler', 3],
      ['OpenMetadata', 3],
    ]);
    const { profile } = await catalog.get('/tables/mysql.default.shop.orders/tableProfile/latest');
    expect(profile).to.include({ rowCount: 1000, columnCount: 5 });
    const [total] = await catalog.columnProfiles('mysql.default.shop.orders.total');
    expect(total).to.include({
      min: 0.25,
      max: 250,
      sum: 125_125,
      mean: 125.125,
      median: 125.125,
      firstQuartile: 62.6875,
    });
    expect(total).to.include({
      thirdQuartile: 187.5625,
      valuesCount: 1000,
      nullCount: 0,
      distinctCount: 1000,
      uniqueCount: 1000,
    });
    const [born] = await catalog.columnProfiles('mysql.default.shop.customers.born');
    expect(born).to.include({ min: '1980-02-29', max: '1999-12-31', nullCount: 1, nullProportion: 1 / 3 });
    const [credit] = await catalog.columnProfiles('mysql.default.shop.customers.credit');
    expect(credit).to.include({ sum: 7.25, min: -3.25, max: 10.5, stddev: 6.875 });
    const [nothing] = await catalog.columnProfiles('mysql.default.shop.empty.note');
    expect(nothing).to.include({ valuesCount: 0, nullCount: 0, distinctCount: 0 }).and.not.to.have.property('mean');
  });

  it('leaves tables alone that did not change, and profiles one whose rows did, of equal row count too', async () => {
    await server.query('SELECT SLEEP(1.5)');
    await run('my-profiler.yaml', 0);
    await server.query('UPDATE shop.customers SET credit = 11 WHERE id = 1');
    await server.query('SELECT SLEEP(1.5)');
    const done = await run('my-profiler.yaml', 0);
    const profiler = done.steps[1];
    expect(profiler).to.include({ records: 2, unchanged: 1 });
    const [credit] = await catalog.columnProfiles('mysql.default.shop.customers.credit');
    expect(credit).to.include({ max: 11 });
  });

  it('never takes more statements than the budget, and completes the rest in further runs', async () => {
    const recipe = readFileSync('recipes/mysql/profiler.yaml', 'utf8').replace(
      'skipUnchanged: true',
      'skipUnchanged: true\n      budget: {statements: 3}\n      maskSensitiveMetrics: true'
    );
    const changed = recipe.replace(
      'type: Profiler',
      'type: Profiler\n      includeViews: true\n      metrics: [valuesCount, nullCount, uniqueCount, median]'
    );
    writeFileSync(join(ingestion.recipesDir, 'budget.yaml'), changed);
    const profiled: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      await server.logStatements(true);
      const done = await run('budget.yaml', turn < 2 ? 1 : 0);
      const scans = (await server.generalLog()).filter(({ text }) => SCANS.test(text));
      await server.logStatements(false);
      expect(scans.length).to.be.at.most(3);
      profiled.push(done.steps[1]?.records ?? 0);
      if (turn === 0) expect(done.notes.join()).to.contain('left for the next run');
    }
    expect(profiled).to.deep.equal([1, 1, 1]);
  });

  it('takes nothing from the budget for rows that the catalogue knows', async () => {
    const recipe = readFileSync('recipes/mysql/profiler.yaml', 'utf8')
      .replace('skipUnchanged: true', 'skipUnchanged: false\n      budget: {statements: 1}')
      .replace('type: Profiler', 'type: Profiler\n      metrics: [rowCount]');
    writeFileSync(join(ingestion.recipesDir, 'rows.yaml'), recipe);
    const planned = await runCli(['plan', join(ingestion.recipesDir, 'rows.yaml'), '--json'], {
      ...{ env, cwd: ingestion.folder },
    });
    expect(JSON.parse(planned.stdout), planned.stderr).to.include({ tables: 3, statements: 0 });
    await server.logStatements(true);
    const done = await run('rows.yaml', 0);
    const scans = (await server.generalLog()).filter(({ text }) => SCANS.test(text));
    await server.logStatements(false);
    expect(scans).to.deep.equal([]);
    expect(done.steps[1]).to.include({ records: 3 });
  });

  it('plans what it sends of a sampled partition and a profileQuery, and sends nothing where that exceeds the budget', async () => {
    // a sample that took no row would take a statement less
    const recipe = (budget: number): string =>
      readFileSync('recipes/mysql/profiler.yaml', 'utf8')
        .replace('skipUnchanged: true', `skipUnchanged: false\n      budget: {statements: ${budget}}`)
        .replace('type: Profiler', 'type: Profiler\n      tableFilterPattern: {includes: [orders, customers]}')
        .replace(
          'processor:\n  type: orm-profiler\n',
          `processor:
  type: orm-profiler
  config:
    tableConfig:
      - fullyQualifiedName: mysql.default.shop.orders
        profileSampleConfig: {config: {profileSample: 99.99}}
        partitionConfig: {enablePartitioning: true, partitionColumnName: id, partitionIntervalType: INTEGER-RANGE, partitionIntegerRangeStart: 1, partitionIntegerRangeEnd: 500}
      - fullyQualifiedName: mysql.default.shop.customers
        profileSampleConfig: {config: {profileSample: 99.99}}
        profileQuery: SELECT * FROM shop.customers WHERE id > 1
`
        );
    for (const budget of [2, 6]) writeFileSync(join(ingestion.recipesDir, `sampled-${budget}.yaml`), recipe(budget));
    const file = join(ingestion.recipesDir, 'sampled-6.yaml');
    const planned = await runCli(['plan', file, '--json'], { env, cwd: ingestion.folder });
    expect(planned.code, planned.stdout + planned.stderr).to.equal(0);
    expect(JSON.parse(planned.stdout)).to.include({ statements: 6 });
    const sent = async (name: string, code: number): Promise<{ reading: number; done: ProfilerReport }> => {
      await server.logStatements(true);
      const done = await run(name, code);
      const log = (await server.generalLog()).filter(
        ({ text }) => SCANS.test(text) || /FROM shop\.customers/.test(text)
      );
      await server.logStatements(false);
      return { reading: log.filter(({ text }) => !/LIMIT 0$/.test(text)).length, done };
    };
    const few = await sent('sampled-2.yaml', 1);
    expect(few.reading).to.equal(0);
    expect(few.done.notes.join()).to.match(
      /2 tables are not profiled, as each takes more statements than a whole run may send/
    );
    const enough = await sent('sampled-6.yaml', 0);
    expect(enough.reading).to.equal(6);
    expect(enough.done.steps[1]).to.include({ records: 2 });
  });

  it('spends its budget but for what is too little for a table, in as many runs as plan says', async () => {
    const tables = Array.from({ length: 8 }, (_, at) => `t${at}`);
    await server.run(
      `CREATE DATABASE small; ${tables.map((name) => `CREATE TABLE small.${name} (id INT, word VARCHAR(9)); INSERT INTO small.${name} VALUES (1, 'a'), (2, 'b')`).join('; ')}`
    );
    // a table that is profiled in the second of its last change is profiled again
    await server.run('DO SLEEP(1.1)');
    await run('my-metadata.yaml', 0);
    const recipe = readFileSync('recipes/mysql/profiler.yaml', 'utf8')
      .replace('skipUnchanged: true', 'skipUnchanged: true\n      budget: {statements: 7}')
      .replace('excludes:\n', 'excludes:\n          - ^shop$\n');
    writeFileSync(join(ingestion.recipesDir, 'small.yaml'), recipe);
    const file = join(ingestion.recipesDir, 'small.yaml');
    const planned = await runCli(['plan', file], { env, cwd: ingestion.folder });
    expect(planned.stdout).to.contain('all tables take 3 runs or more');
    const scans: number[] = [];
    const notes: string[] = [];
    for (const left of [1, 1, 0]) {
      await server.logStatements(true);
      const done = await run('small.yaml', left);
      scans.push((await server.generalLog()).filter(({ text }) => /FROM `small`/.test(text)).length);
      await server.logStatements(false);
      notes.push(...done.notes.filter((note) => note.startsWith('The budget is spent')));
    }
    expect(scans).to.deep.equal([6, 6, 4]);
    expect(notes).to.have.length(2);
    for (const note of notes)
      expect(note).to.match(/^The budget is spent \(6 of 7 statements sent\): .* left for the next run\.$/);
  });
});
