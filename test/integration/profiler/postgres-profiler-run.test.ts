import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../services/cli.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { catalogReader, profilerReport, type CatalogReader } from './profiler-report.js';

const ORDERS = `CREATE TABLE orders (id INT PRIMARY KEY, amount INT, seal BYTEA DEFAULT '\\x00ff'); GRANT SELECT ON orders TO ingest;`;
const FQN = 'postgres.elsewhere.public.orders';

describe('profiler and data quality of a PostgreSQL server with several databases', function () {
  this.timeout(240_000);
  let server: TestPostgres;
  let ingestion: Ingestion;
  let catalog: CatalogReader;

  before(async function () {
    if (!hasPostgres()) return this.skip();
    server = await startPostgres();
    for (const [database, rows] of [
      ['postgres', '(1, 10), (2, 20), (3, 30)'],
      ['elsewhere', '(1, 10), (2, 25), (4, 40), (5, 50)'],
      ['third', '(7, 70)'],
    ] as const) {
      if (database !== 'postgres') await server.query(`CREATE DATABASE ${database}`);
      await server.query(`${ORDERS} INSERT INTO orders VALUES ${rows}`, database);
    }
    const env = {
      POSTGRES_HOST_PORT: server.hostPort,
      POSTGRES_USER: server.user,
      POSTGRES_PASSWORD: server.password,
      TESTED_TABLE: FQN,
    };
    ingestion = await startIngestion({ env });
    for (const name of ['metadata', 'profiler', 'data-quality']) {
      const recipe = readFileSync(`recipes/postgres/${name}.yaml`, 'utf8')
        .replace('type: orm-profiler\n', PROCESSOR)
        .replace(/^( +)database: .*$/m, '$&\n$1ingestAllDatabases: true')
        .replace(/(?<=testCases:\n)(.*\n)*?(?=sink:)/, TESTS);
      writeFileSync(join(ingestion.recipesDir, `${name}.yaml`), recipe);
    }
    await ingestion.startWorker();
    catalog = catalogReader(ingestion.catalog);
    await cli(0, 'run', 'metadata.yaml');
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  async function cli(expected: number, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runCli(args, { env: ingestion.env, cwd: ingestion.folder });
    expect(code, stdout + stderr).to.equal(expected);
    return stdout;
  }
  const rowsOf = async (fqn: string): Promise<unknown> =>
    ((await catalog.get(`/tables/${fqn}/tableProfile/latest`))['profile'] as { rowCount: number } | undefined)
      ?.rowCount;
  const profile = async (expected: number) =>
    profilerReport.parse(JSON.parse(await cli(expected, 'run', 'profiler.yaml', '--json')));

  it('profiles each table in its own database, and skips what did not change there', async () => {
    const { steps } = await profile(0);
    expect(steps[1]).to.include({ records: 3, errors: 0 });
    expect(await rowsOf('postgres.postgres.public.orders')).to.equal(3);
    expect(await rowsOf(FQN)).to.equal(4);
    expect(await rowsOf('postgres.third.public.orders')).to.equal(1);
    await server.query('INSERT INTO orders VALUES (8, 80); SELECT pg_stat_force_next_flush()', 'third');
    expect((await profile(0)).steps[1]).to.include({ records: 1, unchanged: 2 });
    expect(await rowsOf('postgres.third.public.orders')).to.equal(2);
    // Until the run's source is closed: what lists, in its own database and in the last other one.
    const left = await server.query("SELECT datname FROM pg_stat_activity WHERE usename = 'ingest'");
    expect(left).to.have.length.at.most(4);
  });

  it('runs tests in the database of their table, and compares it with a table of another one', async () => {
    const stdout = await cli(0, 'run', 'data-quality.yaml');
    expect(stdout).to.include('Tests: 2 passed, 1 failed, 0 aborted');
    // Of 1, 2, 4, 5 and 1, 2, 3: two gone, one more, one changed.
    expect(stdout).to.match(/same_as_before failed: .*4/);
  });

  it('tells of a tested table of which policies decide the rows, and check of all such tables', async () => {
    await server.query(
      'ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY positive ON orders USING (id > 0)',
      'elsewhere'
    );
    const tested = await cli(0, 'run', 'data-quality.yaml');
    expect(tested).to.include('Tests: 2 passed, 1 failed, 0 aborted');
    expect(tested.match(/Row-level security is on for .*? are tested/g)).to.deep.equal([
      `Row-level security is on for ${FQN}: only the rows that its policies let the account read are tested`,
    ]);
    const checked = await cli(0, 'check', 'profiler.yaml');
    expect(checked.match(/row-level security: .*/g)).to.deep.equal([
      'row-level security: policies decide which rows are read in database elsewhere of public.orders: profiles and tests see no others',
    ]);
    expect(checked).to.include('ALTER ROLE "ingest" BYPASSRLS;');
    await server.query('DROP POLICY positive ON orders; ALTER TABLE orders DISABLE ROW LEVEL SECURITY', 'elsewhere');
  });

  it('counts what is not NULL in columns of every type, and their values where the type has an equality', async () => {
    const types = [
      'INT[]',
      'JSON',
      'JSONB',
      'XML',
      'POINT',
      'INT4RANGE',
      'MARK',
      'TSVECTOR',
      'BYTEA',
      'BIT(3)',
      'INET',
    ];
    await server.query(
      `CREATE TYPE mark AS (a INT); CREATE TABLE typed (${types.map((type, at) => `c${at} ${type}`).join(', ')}); GRANT SELECT ON typed TO ingest;
      INSERT INTO typed VALUES ('{1,2}', '{}', '{}', '<a/>', '(1,2)', '[1,2)', '(1)', 'a', '\\x00', '101', '::1');
      INSERT INTO typed VALUES ('{1,2}'), (NULL)`
    );
    await cli(0, 'run', 'metadata.yaml');
    const { steps } = await profile(0);
    expect(steps[1]).to.include({ errors: 0, warnings: 0 });
    for (const [at, type] of types.entries()) {
      const [column] = await catalog.columnProfiles(`postgres.postgres.public.typed.c${at}`);
      const values = at === 0 ? 2 : 1;
      const nulls = { valuesCount: values, nullCount: 3 - values, nullProportion: (3 - values) / 3 };
      expect(column, type).to.deep.include(nulls);
      expect(column?.['distinctCount'], type).to.equal(/BYTEA|BIT|INET/.test(type) ? 1 : undefined);
    }
  });

  it('profiles oid and money like numbers, also where their values lie close together', async () => {
    await server.query(`CREATE TABLE amounts (a INT, o OID, m MONEY, far OID);
      INSERT INTO amounts SELECT x, x, x::text::money, 4294967290 + x % 2 FROM generate_series(1, 100) x; GRANT SELECT ON amounts TO ingest`);
    await cli(0, 'run', 'metadata.yaml');
    expect((await profile(0)).steps[1]).to.include({ errors: 0, warnings: 0 });
    for (const name of ['a', 'o', 'm']) {
      const [column] = await catalog.columnProfiles(`postgres.postgres.public.amounts.${name}`);
      expect(column, name).to.deep.include({ min: 1, max: 100, mean: 50.5, distinctCount: 100, median: 50.5 });
      expect(column, name).to.have.property('histogram');
      const { frequencies } = column?.['histogram'] as { frequencies: number[] };
      expect(frequencies.length, name).to.be.above(1);
      expect(
        frequencies.reduce((sum, each) => sum + each),
        name
      ).to.equal(100);
    }
    const [far] = await catalog.columnProfiles('postgres.postgres.public.amounts.far');
    expect(far).to.deep.include({ min: 4294967290, max: 4294967291, stddev: 0.5 });
  });

  it('profiles columns of domains, and of domains over domains, as those of the types that they are over', async () => {
    const types = {
      ...{
        INT: '(i % 7)',
        BIGINT: '9007199254740993 + i',
        'NUMERIC(20,5)': 'i / 3.0',
        REAL: 'i / 4.0',
        FLOAT8: "'NaN'",
      },
      ...{
        MONEY: 'i',
        OID: 'i',
        BOOLEAN: 'i % 2 = 0',
        'VARCHAR(20)': "repeat('é', i % 5)",
        'CHAR(9)': 'i',
        TEXT: 'i % 3',
      },
      ...{
        CITEXT: "CASE i % 4 WHEN 0 THEN 'a' WHEN 1 THEN 'A' ELSE 'b' END",
        MOOD: "CASE WHEN i % 2 = 0 THEN 'happy' ELSE 'sad' END",
      },
      ...{ DATE: "'2026-01-01'::date + i", TIME: "'10:00'::time + i * INTERVAL '1 s'", INTERVAL: "i * INTERVAL '1 h'" },
      ...{
        TIMESTAMP: "'2026-01-01'::timestamp + i * INTERVAL '1 h'",
        TIMESTAMPTZ: "'2026-01-01 00:00+05'::timestamptz + i * INTERVAL '1 h'",
      },
      ...{
        BYTEA: "convert_to(i::text, 'UTF8')",
        UUID: 'md5(i::text)',
        'BIT(8)': 'i',
        JSONB: 'to_jsonb(i)',
        INET: "'10.0.0.0'::inet + i",
      },
    };
    const columns = Object.entries(types).map(([type, value], at) => ({ type, at, value: `(${value})::${type}` }));
    const list = (name: 'b' | 'd' | 'e', of: string): string =>
      columns.map(({ at }) => `${name}${at} ${of}${at}`).join(', ');
    await server.query(`CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('happy', 'sad');
      ${columns.map(({ type, at }) => `CREATE DOMAIN dom${at} AS ${type}; CREATE DOMAIN own${at} AS dom${at} CHECK (VALUE IS NOT NULL);`).join('\n')}
      CREATE TABLE domains (${columns.map(({ type, at }) => `b${at} ${type}`).join(', ')}, ${list('d', 'dom')}, ${list('e', 'own')});
      INSERT INTO domains SELECT ${Array(3)
        .fill(columns.map(({ value }) => value).join(', '))
        .join(', ')} FROM generate_series(1, 200) i;
      GRANT SELECT ON domains TO ingest`);
    await cli(0, 'run', 'metadata.yaml');
    expect((await profile(0)).steps[1]).to.include({ errors: 0 });
    for (const { type, at } of columns) {
      const [base, domain, own] = await Promise.all(
        ['b', 'd', 'e'].map(async (name) => {
          const [column = {}] = await catalog.columnProfiles(`postgres.postgres.public.domains.${name}${at}`);
          return { ...column, name: '', timestamp: 0 };
        })
      );
      expect(base, type).to.include({ valuesCount: 200 });
      expect(domain, type).to.deep.equal(base);
      expect(own, type).to.deep.equal(base);
    }
    await server.query('DROP TABLE domains');
    await cli(0, 'run', 'metadata.yaml');
  });

  it('samples foreign tables by a hash of their rows, and foreign partitions like their neighbours', async () => {
    await server.query(`CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; GRANT pg_read_server_files TO ingest;
      CREATE TABLE parted (a INT) PARTITION BY RANGE (a); CREATE TABLE near PARTITION OF parted FOR VALUES FROM (0) TO (5000);
      INSERT INTO parted SELECT generate_series(0, 4999);
      COPY (SELECT generate_series(5000, 9999)) TO '${server.folder}/far.csv' CSV;
      CREATE FOREIGN TABLE far PARTITION OF parted FOR VALUES FROM (5000) TO (10000) SERVER files OPTIONS (filename '${server.folder}/far.csv', format 'csv');
      CREATE FOREIGN TABLE distant (a INT) SERVER files OPTIONS (filename '${server.folder}/far.csv', format 'csv');
      GRANT SELECT ON parted, distant TO ingest`);
    await cli(0, 'run', 'metadata.yaml');
    expect((await profile(0)).steps[1]).to.include({ errors: 0, warnings: 0 });
    const [distant] = await catalog.columnProfiles('postgres.postgres.public.distant.a');
    expect(distant?.['valuesCount']).to.be.within(300, 700);
    const [parted] = await catalog.columnProfiles('postgres.postgres.public.parted.a');
    expect(parted?.['mean']).to.be.within(4_500, 5_500);
    await server.query('DROP FOREIGN TABLE distant; DROP TABLE parted');
    await cli(0, 'run', 'metadata.yaml');
  });

  it('profiles a table again when rows change in one that inherits from it, and names those of which policies hide rows', async () => {
    await server.query(`CREATE TABLE base (a INT); CREATE TABLE kid (b INT) INHERITS (base); CREATE TABLE bare (a INT) PARTITION BY RANGE (a);
      CREATE TABLE hiding (a INT); INSERT INTO hiding VALUES (1), (2); ALTER TABLE hiding ENABLE ROW LEVEL SECURITY;
      INSERT INTO base VALUES (1), (2); INSERT INTO kid VALUES (3, 3); GRANT SELECT ON base, kid, bare, hiding TO ingest`);
    await cli(0, 'run', 'metadata.yaml');
    const first = await profile(0);
    expect(first.notes.filter((note) => note.startsWith('Row-level security'))).to.deep.equal([
      'Row-level security is on for postgres.postgres.public.hiding: only the rows that its policies let the account read are measured, none where no policy names it. Where all are to be, let the account pass it by (BYPASSRLS on PostgreSQL), or give it a policy for all rows; a view reads as its owner does, unless it is a security_invoker.',
    ]);
    for (const [name, rows] of Object.entries({ base: 3, kid: 1, bare: 0, hiding: 0 }))
      expect(await rowsOf(`postgres.postgres.public.${name}`), name).to.equal(rows);
    await server.query('INSERT INTO kid VALUES (4, 4); SELECT pg_stat_force_next_flush()');
    await server.query('CREATE POLICY one ON hiding USING (a = 1)');
    // base, kid, and hiding, whose policies say nothing of when they change
    expect((await profile(0)).steps[1]).to.include({ records: 3 });
    for (const [name, rows] of Object.entries({ base: 4, kid: 2, hiding: 1 }))
      expect(await rowsOf(`postgres.postgres.public.${name}`), name).to.equal(rows);
    await server.query('DROP TABLE base, kid, bare, hiding');
    await cli(0, 'run', 'metadata.yaml');
  });

  it('names rights on rows that are missing in any of the databases, and what they cost', async () => {
    await server.query('REVOKE SELECT ON orders FROM ingest', 'third');
    // a metadata recipe's patterns count for check as well
    expect(await cli(0, 'check', 'metadata.yaml')).to.match(/schemas: public$/m);
    const checked = await cli(0, 'check', 'profiler.yaml');
    expect(checked).to.include('SELECT is not granted in schema public of database third on orders');
    await server.query('REVOKE CONNECT ON DATABASE elsewhere FROM PUBLIC');
    await server.query('UPDATE orders SET amount = 0', 'postgres');
    await server.query('UPDATE orders SET amount = 0', 'third');
    const { steps } = await profile(2);
    expect(steps[1]?.failures.map(({ entity }) => entity).sort()).to.deep.equal([
      'postgres.elsewhere.public',
      'postgres.third.public.orders',
    ]);
    expect(steps[1]).to.include({ records: 1 });
    const [grant] = /GRANT SELECT ON .*orders.* TO .*;/.exec(checked) ?? [];
    expect(grant).to.equal('GRANT SELECT ON "public"."orders" TO "ingest";');
    const errors = steps[1]?.failures.map(({ error }) => error).sort() ?? [];
    expect(errors[0]).to.match(
      /permission denied for database "elsewhere"\. GRANT CONNECT ON DATABASE "elsewhere" TO "ingest";$/
    );
    expect(errors[1]?.endsWith(`permission denied for table orders. ${grant}`), errors[1]).to.equal(true);
  });
});

const PROCESSOR = `type: orm-profiler
  config:
    profiler:
      metrics: [rowCount, valuesCount, nullCount, nullProportion, distinctCount, uniqueCount, min, max, minLength, maxLength, sum, mean, median, stddev, firstQuartile, thirdQuartile, histogram, cardinalityDistribution]
    tableConfig:
      - {fullyQualifiedName: postgres.postgres.public.distant, profileSample: 10}
      - {fullyQualifiedName: postgres.postgres.public.parted, profileSample: 10}
`;
const TESTS = `      - name: as_many_as_there_are
        testDefinitionName: tableRowCountToEqual
        parameterValues: [{name: value, value: '4'}]
      - name: in_its_own_database
        testDefinitionName: tableCustomSQLQuery
        parameterValues: [{name: sqlExpression, value: "SELECT 1 WHERE current_database() <> 'elsewhere'"}]
      - name: same_as_before
        testDefinitionName: tableDiff
        parameterValues:
          - {name: table2, value: postgres.postgres.public.orders}
          - {name: keyColumns, value: '["id"]'}
`;
