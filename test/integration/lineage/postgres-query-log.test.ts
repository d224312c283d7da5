import { expect } from 'chai';
import { findSource, type CheckResult, type LogRecord, type QueryLogOptions } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/source-harness.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';

const OPTIONS: QueryLogOptions = { resultLimit: 0, storedProcedures: true };
const RANGE = { from: 0, to: 1 };

describe('query log of PostgreSQL', () => {
  let server: TestPostgres;
  let warnings: string[];

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres({ settings: { shared_preload_libraries: 'pg_stat_statements' } });
    await server.query('CREATE TABLE a (x INT); CREATE TABLE b (x INT)');
  });
  after(() => server?.stop());

  const config = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    username: server.user,
    authType: { password: server.password },
    hostPort: server.hostPort,
    database: 'postgres',
    ...more,
  });

  async function read(options = OPTIONS, more: Record<string, unknown> = {}, after?: Record<string, string>) {
    warnings = [];
    const context = { ...countingContext(), onWarning: (message: string) => warnings.push(message) };
    const source = await findSource('postgres').openQueryLog?.(config(more), context);
    if (source === undefined) throw new Error('no log');
    try {
      const [window] = await source.windows(RANGE, options);
      if (window === undefined) throw new Error('no window');
      return await collect(source.read(window, options, after));
    } finally {
      await source.close();
    }
  }

  const texts = (found: readonly { record: LogRecord }[]): string[] =>
    found.flatMap(({ record }) => (record.kind === 'query' ? [record.text] : [])).sort();

  const check = (options: Partial<QueryLogOptions> = {}, more = {}): Promise<CheckResult[]> =>
    collect(
      findSource('postgres').checkQueryLog?.(config(more), countingContext(), { ...OPTIONS, ...options }) ??
        (async function* () {})()
    );

  it('is said to be missing, with what makes it', async () => {
    const failed = (await check()).find(({ passed }) => !passed);
    expect(failed).to.include({ name: 'query log', mandatory: true });
    expect(failed?.remedy).to.include('CREATE EXTENSION pg_stat_statements');
    const failure = await read().then(() => undefined, String);
    expect(failure).to.include('There is no "pg_stat_statements" in database postgres');
  });

  it('is said to be in a schema without USAGE, and in one that has to be named', async () => {
    const remedy = async (more = {}): Promise<string | undefined> =>
      (await check({}, more)).find(({ passed }) => !passed)?.remedy;
    await server.query('CREATE EXTENSION pg_stat_statements; REVOKE ALL ON SCHEMA public FROM PUBLIC');
    expect(await remedy()).to.equal(`GRANT USAGE ON SCHEMA "public" TO "${server.user}";`);
    await server.query(`GRANT USAGE ON SCHEMA public TO PUBLIC; CREATE SCHEMA odd; GRANT USAGE ON SCHEMA odd TO PUBLIC;
ALTER EXTENSION pg_stat_statements SET SCHEMA odd`);
    expect(await remedy()).to.equal('Set it to "odd"."pg_stat_statements".');
    await server.query('REVOKE ALL ON SCHEMA odd FROM PUBLIC');
    const named = { queryStatementSource: 'odd.pg_stat_statements' };
    expect(await remedy(named)).to.equal(`GRANT USAGE ON SCHEMA "odd" TO "${server.user}";`);
    await server.query('DROP EXTENSION pg_stat_statements');
  });

  it('hides the texts of others without pg_read_all_stats, and says so with the GRANT', async () => {
    await server.query('CREATE EXTENSION pg_stat_statements; INSERT INTO a SELECT x + 1 FROM b');
    expect(await read()).to.deep.equal([]);
    expect(warnings.join()).to.include('GRANT pg_read_all_stats TO "ingest";');
    await server.query(`GRANT pg_read_all_stats TO ${server.user}`);
    expect((await check()).every(({ passed }) => passed)).to.equal(true);
  });

  it('gives each text that may carry lineage once, with its database, user and mean time', async () => {
    await server.query('SELECT pg_stat_statements_reset()');
    for (const n of [1, 2, 3]) await server.query(`INSERT INTO a SELECT x + ${n} FROM b`);
    await server.query('CREATE TABLE c AS SELECT * FROM b');
    await server.query('SELECT x FROM a');
    await server.query('/* {"app": "OpenMetadata", "version": "1"} */ INSERT INTO a SELECT x FROM b');
    await server.query('CREATE DATABASE elsewhere');
    await server.query('CREATE TABLE d AS SELECT now() AS one', 'elsewhere');
    const found = await read();
    expect(texts(found)).to.deep.equal(['CREATE TABLE c AS SELECT * FROM b', 'INSERT INTO a SELECT x + $1 FROM b']);
    const [first] = found;
    expect(first?.record).to.include({ kind: 'query', database: 'postgres', schema: 'public', user: 'postgres' });
    expect(first?.record).to.have.property('durationMs').that.is.a('number');
    expect(texts(await read(OPTIONS, { ingestAllDatabases: true }))).to.include(
      'CREATE TABLE d AS SELECT now() AS one'
    );
  });

  it('is read on from a cursor, within resultLimit and by the recipe’s condition', async () => {
    const all = await read();
    const [first] = all;
    expect(await read(OPTIONS, {}, { key: String(first?.cursor['key']) })).to.deep.equal(all.slice(1));
    expect(await read({ ...OPTIONS, resultLimit: 1 })).to.have.length(1);
    expect(warnings.join()).to.include('resultLimit');
    expect(texts(await read({ ...OPTIONS, filterCondition: "query LIKE '%INSERT%' -- only these" }))).to.have.length(1);
    const bad = (await check({ filterCondition: 'no_such_column = 1' })).find(({ passed }) => !passed);
    expect(bad).to.include({ name: 'filterCondition', mandatory: true });
  });

  it('may be another table with the same columns, as of versions before 1.8', async () => {
    await server.query(`CREATE SCHEMA "Old One"; CREATE VIEW "Old One".log AS
SELECT userid, dbid, queryid, query, calls, total_exec_time AS total_time FROM pg_stat_statements;
GRANT USAGE ON SCHEMA "Old One" TO ${server.user}; GRANT SELECT ON "Old One".log TO ${server.user}`);
    expect(texts(await read(OPTIONS, { queryStatementSource: '"Old One".LOG' }))).to.include(
      'CREATE TABLE c AS SELECT * FROM b'
    );
    const failure = await read(OPTIONS, { queryStatementSource: 'pg_class; DROP TABLE a' }).then(() => '', String);
    expect(failure).to.include('is not the name of a table or view');
  });
});
