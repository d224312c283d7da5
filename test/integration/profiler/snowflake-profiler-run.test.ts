import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli } from '../../services/cli.js';
import { startFakesnow, type Fakesnow, type LoggedStatement } from '../../services/fakesnow.js';
import { fakesnowEnvironment } from '../../services/fakesnow/environment.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { catalogReader, profilerReport, type CatalogReader, type ProfilerReport } from './profiler-report.js';

const TABLES = 14;

/** The shipped recipe, for one database of the emulator. */
describe('om-ingest run recipes/snowflake/profiler.yaml', () => {
  let fakesnow: Fakesnow;
  let ingestion: Ingestion;
  let env: Record<string, string>;
  let catalog: CatalogReader;

  before(async function () {
    this.timeout(240_000);
    fakesnow = await startFakesnow();
    await fakesnow.seed();
    await fakesnow.execute('CREATE DATABASE SHOP');
    await fakesnow.execute('CREATE SCHEMA SHOP.RAW');
    for (let table = 0; table < TABLES; table += 1)
      await fakesnow.execute(
        `CREATE TABLE SHOP.RAW.T${table} AS SELECT SEQ4() AS ID, SEQ4() / 4 AS TOTAL, MOD(SEQ4(), 3) = 0 AS SENT, 'n' || MOD(SEQ4(), 5) AS NAME, DATEADD('day', SEQ4(), '2024-01-01'::DATE) AS DAY FROM TABLE(GENERATOR(ROWCOUNT => ${100 + table}))`
      );
    ingestion = await startIngestion();
    copyFileSync('recipes/snowflake/metadata.yaml', join(ingestion.recipesDir, 'metadata.yaml'));
    const recipe = readFileSync('recipes/snowflake/profiler.yaml', 'utf8');
    const shop = recipe.replace(
      'type: Profiler\n',
      'type: Profiler\n      databaseFilterPattern: {includes: [^shop$]}\n'
    );
    writeFileSync(join(ingestion.recipesDir, 'profiler.yaml'), shop);
    const system = shop.replace('type: Profiler\n', 'type: Profiler\n      metrics: [rowCount, system]\n');
    writeFileSync(join(ingestion.recipesDir, 'system.yaml'), system);
    env = { ...ingestion.env, ...fakesnowEnvironment(fakesnow) };
    Object.assign(ingestion.env, env);
    await ingestion.startWorker();
    catalog = catalogReader(ingestion.catalog);
    await run('metadata.yaml');
  });
  after(async () => {
    await ingestion?.stop();
    await fakesnow?.stop();
  });

  async function run(recipe: string, ...more: readonly string[]): Promise<ProfilerReport> {
    const { code, stdout, stderr } = await runCli(['run', recipe, '--json', ...more], { env, cwd: ingestion.folder });
    expect(code, stdout + stderr).to.equal(0);
    return profilerReport.parse(JSON.parse(stdout));
  }

  /** What a run sent. */
  async function sentBy(recipe: string): Promise<{ report: ProfilerReport; sent: LoggedStatement[] }> {
    const before = (await fakesnow.statements()).length;
    const report = await run(recipe);
    return { report, sent: (await fakesnow.statements()).slice(before) };
  }

  it('profiles 14 tables by one login, in three statements a table and a few for the catalogue', async () => {
    const { report, sent } = await sentBy('profiler.yaml');
    expect(report.steps[1]).to.include({ name: 'Profiler', records: TABLES, errors: 0 });
    expect(sent.filter(({ login }) => login)).to.have.length(1);
    expect(sent.filter(({ sql }) => sql?.includes('"SHOP"."RAW"."T'))).to.have.length(3 * TABLES);
    expect(sent.length).to.be.at.most(60);
    const { profile } = await catalog.get('/tables/snowflake.SHOP.RAW.T3/tableProfile/latest');
    expect(profile).to.include({ rowCount: 103, columnCount: 5 });
    const [total] = await catalog.columnProfiles('snowflake.SHOP.RAW.T3.TOTAL');
    expect(total).to.include({ min: 0, max: 25.5, sum: 1313.25, mean: 12.75, valuesCount: 103, nullCount: 0 });
    expect(total).to.include({ distinctCount: 103, uniqueCount: 103 });
    const [day] = await catalog.columnProfiles('snowflake.SHOP.RAW.T3.DAY');
    expect(day).to.include({ min: '2024-01-01', max: '2024-04-12' });
    const [name] = await catalog.columnProfiles('snowflake.SHOP.RAW.T3.NAME');
    expect(name).to.include({ min: 2, max: 2, distinctCount: 5, uniqueCount: 0 });
  });

  it('then profiles those whose rows changed, of equal row count too, and sends nothing to the others', async () => {
    await fakesnow.execute('INSERT INTO SHOP.RAW.T1 (ID) VALUES (-1)');
    await fakesnow.execute('UPDATE SHOP.RAW.T2 SET TOTAL = -5 WHERE ID = 1');
    await fakesnow.execute('DELETE FROM SHOP.RAW.T3 WHERE ID = 1');
    const { report, sent } = await sentBy('profiler.yaml');
    expect(report.steps[1]).to.include({ records: 3, unchanged: TABLES - 3 });
    const scans = sent.flatMap(({ sql }) => /"SHOP"\."RAW"\."(T\d+)"/.exec(sql ?? '')?.[1] ?? []);
    expect([...new Set(scans)].sort()).to.deep.equal(['T1', 'T2', 'T3']);
    const [total] = await catalog.columnProfiles('snowflake.SHOP.RAW.T2.TOTAL');
    expect(total).to.include({ min: -5 });
  });

  for (const view of ['ACCESS_HISTORY', 'QUERY_HISTORY'])
    it(`makes the system profile of all tables in two or three statements, of ${view}`, async () => {
      await fakesnow.execute('DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY');
      await fakesnow.execute('DELETE FROM SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY');
      const written = async (id: string, text: string, table: string, counts: string, hours: number): Promise<void> => {
        const at = `DATEADD('hour', -${hours}, CURRENT_TIMESTAMP())`;
        await fakesnow.execute(
          `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, EXECUTION_STATUS, START_TIME, ROWS_INSERTED, ROWS_UPDATED, ROWS_DELETED)
           SELECT '${id}', '${text}', '${text.split(' ')[0]}', 'SHOP', 'RAW', 'SUCCESS', ${at}, ${counts}`
        );
        if (view === 'ACCESS_HISTORY')
          await fakesnow.execute(
            `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.ACCESS_HISTORY (QUERY_ID, QUERY_START_TIME, USER_NAME, OBJECTS_MODIFIED) SELECT '${id}', ${at}, 'ETL', PARSE_JSON('[{"objectName":"SHOP.RAW.${table}","objectDomain":"Table"}]')`
          );
      };
      await written('1', 'INSERT INTO t4 SELECT 1', 'T4', '7, 0, 0', 2);
      await written('2', 'MERGE INTO shop.raw.t4 USING s ON 1 = 1', 'T4', '1, 2, 3', 3);
      await written('3', 'UPDATE SHOP.RAW.T5 SET ID = 1', 'T5', '0, 4, 0', 4);
      await written('4', 'DELETE FROM T5', 'T5', '0, 0, 9', 30);
      await fakesnow.execute(`INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.DYNAMIC_TABLE_REFRESH_HISTORY
        SELECT 'T6', 'RAW', 'SHOP', 'SUCCEEDED', DATEADD('hour', -2, CURRENT_TIMESTAMP()), CURRENT_TIMESTAMP(), PARSE_JSON('{"numInsertedRows": ${view.length}}')`);
      // Another configuration: every table is profiled again.
      const recipe = join(ingestion.recipesDir, 'system.yaml');
      writeFileSync(
        recipe,
        readFileSync(recipe, 'utf8').replace(
          /metrics: .*/,
          `metrics: [system, ${view === 'ACCESS_HISTORY' ? 'rowCount' : 'columnCount'}]`
        )
      );
      const { report, sent } = await sentBy('system.yaml');
      expect(report.steps.flatMap(({ warnings }) => warnings)).to.deep.equal([0, 0, 0]);
      expect(sent.filter(({ sql }) => sql?.includes('_HISTORY Q'))).to.have.length(view === 'ACCESS_HISTORY' ? 2 : 3);
      expect(
        sent.filter(({ sql }) => sql?.includes('"SHOP"."RAW"."T')),
        'no table is read for it'
      ).to.have.length(0);
      const changes = async (table: string): Promise<unknown[]> => {
        const { data } = await catalog.get(`/tables/snowflake.SHOP.RAW.${table}/systemProfile`);
        return z
          .array(z.object({ operation: z.string(), rowsAffected: z.number() }))
          .parse(data)
          .map(({ operation, rowsAffected }) => `${operation} ${rowsAffected}`)
          .sort();
      };
      expect(await changes('T4')).to.include.members(['DELETE 3', 'INSERT 1', 'INSERT 7', 'UPDATE 2']);
      expect(await changes('T5'))
        .to.include('UPDATE 4')
        .and.not.to.include('DELETE 9');
      expect(await changes('T6')).to.include(`INSERT ${view.length}`);
      expect(await changes('T7')).to.deep.equal([]);
    });

  it('puts what ACCOUNT_USAGE shows late of tables that did not change, in the same statements, once', async () => {
    const at = "DATEADD('minute', -10, CURRENT_TIMESTAMP())";
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, EXECUTION_STATUS, START_TIME, ROWS_INSERTED, ROWS_UPDATED, ROWS_DELETED)
       SELECT 'late', 'INSERT INTO t8 SELECT 1', 'INSERT', 'SHOP', 'RAW', 'SUCCESS', ${at}, 17, 0, 0`
    );
    const table = '/tables/snowflake.SHOP.RAW.T8';
    const before = await catalog.get(`${table}/tableProfile`);
    for (const time of ['first', 'second']) {
      const { report, sent } = await sentBy('system.yaml');
      expect(report.steps[1], time).to.include({ records: 0, unchanged: TABLES });
      expect(sent.filter(({ sql }) => sql?.includes('_HISTORY Q'))).to.have.length(3);
      expect(sent.filter(({ sql }) => sql?.includes('"SHOP"."RAW"."T'))).to.have.length(0);
      const { data } = await catalog.get(`${table}/systemProfile`);
      expect(data).to.have.length(1);
      expect({ data }).to.nested.include({ 'data[0].operation': 'INSERT', 'data[0].rowsAffected': 17 });
      const { data: profiles } = await catalog.get(`${table}/tableProfile`);
      expect(profiles, 'one profile with it').to.have.length(profilesOf(before) + 1);
      expect({ profiles }).to.nested.include({ 'profiles[0].columnCount': 5 });
    }
  });

  it('lacks nothing of tables that runs of another recipe of the service left out', async () => {
    await fakesnow.execute(
      `INSERT INTO SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY (QUERY_ID, QUERY_TEXT, QUERY_TYPE, DATABASE_NAME, SCHEMA_NAME, EXECUTION_STATUS, START_TIME, ROWS_INSERTED, ROWS_UPDATED, ROWS_DELETED)
       SELECT 'while', 'INSERT INTO t9 SELECT 1', 'INSERT', 'SHOP', 'RAW', 'SUCCESS', DATEADD('day', 3, CURRENT_TIMESTAMP()), 19, 0, 0`
    );
    const system = readFileSync(join(ingestion.recipesDir, 'system.yaml'), 'utf8');
    const one = system.replace('type: Profiler\n', 'type: Profiler\n      tableFilterPattern: {includes: [^T0$]}\n');
    writeFileSync(join(ingestion.recipesDir, 'one.yaml'), one);
    const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    await run('one.yaml', '--as-of', inDays(9));
    const before = (await fakesnow.statements()).length;
    await run('system.yaml', '--as-of', inDays(10));
    const sent = (await fakesnow.statements()).slice(before);
    expect(sent.filter(({ sql }) => sql?.includes('_HISTORY Q'))).to.have.length(3);
    const { data } = await catalog.get('/tables/snowflake.SHOP.RAW.T9/systemProfile');
    expect({ data }).to.nested.include({ 'data[0].operation': 'INSERT', 'data[0].rowsAffected': 19 });
  });

  const profilesOf = ({ data }: { readonly data?: unknown }): number => z.array(z.unknown()).parse(data).length;

  it('runs the tests of recipes/snowflake/data-quality.yaml', async () => {
    for (const sql of [
      'CREATE SCHEMA IF NOT EXISTS SHOP.PUBLIC',
      "CREATE TABLE SHOP.PUBLIC.ORDERS AS SELECT SEQ4() AS ID, SEQ4() * 1.5 AS AMOUNT, MOD(SEQ4(), 3) AS CUSTOMER_ID, DATEADD('minute', -SEQ4(), CURRENT_TIMESTAMP()) AS ORDERED_AT FROM TABLE(GENERATOR(ROWCOUNT => 10))",
      'CREATE TABLE SHOP.PUBLIC.ORDERS_ARCHIVE AS SELECT * FROM SHOP.PUBLIC.ORDERS',
      'CREATE TABLE SHOP.PUBLIC.CUSTOMERS AS SELECT SEQ4() AS ID FROM TABLE(GENERATOR(ROWCOUNT => 2))',
    ])
      await fakesnow.execute(sql);
    copyFileSync('recipes/snowflake/data-quality.yaml', join(ingestion.recipesDir, 'data-quality.yaml'));
    await run('metadata.yaml');
    const { stdout } = await runCli(['run', 'data-quality.yaml', '--json'], { env, cwd: ingestion.folder });
    const { steps } = profilerReport.parse(JSON.parse(stdout));
    expect(steps.flatMap(({ failures }) => failures)).to.deep.equal([]);
    const { data } = await catalog.get('/dataQuality/testCases?fields=testCaseResult');
    const status = z.object({ name: z.string(), testCaseResult: z.object({ testCaseStatus: z.string() }) });
    const results = z
      .array(status)
      .parse(data)
      .map(({ name, testCaseResult }) => [name, testCaseResult.testCaseStatus]);
    expect(Object.fromEntries(results)).to.deep.equal({
      id_is_unique: 'Success',
      amount_is_sane: 'Success',
      fresh: 'Success',
      no_duplicate_keys: 'Success',
      customers_exist: 'Failed',
      as_many_as_in_the_archive: 'Success',
    });
  });

  it('fails a table whose warehouse is gone in the midst of a split, and profiles it whole when it is back', async () => {
    await fakesnow.execute('CREATE SCHEMA SHOP.SPLIT');
    await fakesnow.execute(
      "CREATE TABLE SHOP.SPLIT.SPLIT_T AS SELECT SEQ4() AS ID, SEQ4() / 4 AS TOTAL, 'n' || SEQ4() AS NAME FROM TABLE(GENERATOR(ROWCOUNT => 50))"
    );
    await run('metadata.yaml');
    const own = readFileSync(join(ingestion.recipesDir, 'profiler.yaml'), 'utf8');
    writeFileSync(
      join(ingestion.recipesDir, 'split.yaml'),
      own.replace('type: Profiler\n', 'type: Profiler\n      tableFilterPattern: {includes: [^split_t$]}\n')
    );
    await fakesnow.control({
      errors: [
        { match: 'SUM.*"SPLIT"', code: '100046', message: 'Number out of representable range', times: 1 },
        { match: '(SUM|STDDEV|GROUP BY).*"SPLIT"', code: '000606', message: 'No active warehouse selected.' },
      ],
    });
    const before = (await fakesnow.statements()).length;
    const failed = await runCli(['run', 'split.yaml', '--json'], { env, cwd: ingestion.folder });
    await fakesnow.control({ errors: [] });
    const { steps } = profilerReport.parse(JSON.parse(failed.stdout));
    expect(steps[1]?.failures.map(({ error }) => error).join()).to.contain('no warehouse');
    expect(
      (await fakesnow.statements()).slice(before).filter(({ sql }) => sql?.includes('"SPLIT"."SPLIT_T"')).length
    ).to.be.at.most(5);
    const { report } = await sentBy('split.yaml');
    expect(report.steps[1]).to.include({ records: 1, unchanged: 0, warnings: 0 });
    const [total] = await catalog.columnProfiles('snowflake.SHOP.SPLIT.SPLIT_T.TOTAL');
    expect(total).to.include({ sum: 306.25, distinctCount: 50 });
  });
});
