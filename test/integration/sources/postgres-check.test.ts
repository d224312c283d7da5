import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { findSource, type CheckResult, type CheckOptions, type Selection } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { ALL_OPTIONS, EVERYTHING } from '../../conformance/everything.js';

const ROWS: CheckOptions = { ...ALL_OPTIONS, readsRows: true };

describe('check of PostgreSQL', () => {
  let server: TestPostgres;

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    await server.query(`CREATE SCHEMA "Odd one"; CREATE TABLE "Odd one"."T ""x" (id INT); CREATE VIEW "Odd one".v AS SELECT 1 AS one;
CREATE TABLE public.open (id INT); GRANT SELECT ON public.open TO ${server.user}; GRANT USAGE ON SCHEMA public TO ${server.user};
CREATE SCHEMA wide; GRANT USAGE ON SCHEMA wide TO ${server.user}; ${Array.from({ length: 12 }, (_, n) => `CREATE TABLE wide.t${n} (id INT);`).join('')}`);
  });
  after(() => server?.stop());

  const check = (
    options = ROWS,
    selection: Selection = EVERYTHING,
    ingestAllDatabases = true,
    more: object = {}
  ): Promise<CheckResult[]> => {
    const config = {
      ...{ username: server.user, authType: { password: server.password }, hostPort: server.hostPort },
      ...{ database: 'postgres', ingestAllDatabases, ...more },
    };
    return collect(findSource('postgres').check(config, countingContext(), options, selection));
  };
  const missing = (results: readonly CheckResult[]): CheckResult[] => results.filter(({ right }) => right === true);

  it('asks no rights on schemas and tables for metadata: the catalogue is open to everybody', async () => {
    expect(missing(await check(ALL_OPTIONS))).to.deep.equal([]);
  });

  it('says why there is no TLS', async () => {
    const tls = async (more: object): Promise<CheckResult | undefined> =>
      (await check(ALL_OPTIONS, EVERYTHING, true, more)).find(({ name }) => name === 'TLS');
    expect((await tls({}))?.message).to.equal('not used: sslMode is disable');
    for (const sslMode of ['allow', 'prefer'])
      expect((await tls({ sslMode }))?.message).to.equal(`not used: the server has none, and sslMode is ${sslMode}`);
    const [refused] = await check(ALL_OPTIONS, EVERYTHING, true, { sslMode: 'require' });
    expect(refused).to.include({ name: 'connection', passed: false });
  });

  it('asks them of what a profile or a test would read, and nothing else', async () => {
    const found = missing(await check());
    expect(found.map(({ name, remedy }) => [name, remedy])).to.deep.equal([
      ['USAGE', 'GRANT USAGE ON SCHEMA "Odd one" TO "ingest";'],
      ['SELECT', 'GRANT SELECT ON "Odd one"."T ""x", "Odd one"."v" TO "ingest";'],
      ['SELECT', 'GRANT SELECT ON ALL TABLES IN SCHEMA "wide" TO "ingest";'],
    ]);
    expect(found[2]?.message).to.include('and 2 more');
    const one: Selection = {
      ...EVERYTHING,
      schema: (_database, name) => (name === 'wide' ? 'left out' : undefined),
      table: (_database, _schema, _name, kind) => (kind === 'view' ? 'left out' : undefined),
    };
    expect(missing(await check(ROWS, one)).map(({ remedy }) => remedy)).to.deep.equal([
      'GRANT USAGE ON SCHEMA "Odd one" TO "ingest";',
      'GRANT SELECT ON "Odd one"."T ""x" TO "ingest";',
    ]);
  });

  it('names statements that mend what they stand by', async () => {
    await server.query('CREATE DATABASE shut');
    await server.query('REVOKE CONNECT ON DATABASE shut FROM PUBLIC');
    const remedies = missing(await check()).map(({ remedy }) => remedy ?? '');
    expect(remedies).to.have.length(4);
    for (const remedy of remedies) await server.query(remedy);
    const results = await check();
    expect(missing(results)).to.deep.equal([]);
    expect(results.find(({ name }) => name === 'SELECT')).to.include({ passed: true });
  });

  it('asks for nothing more than the rights of the documentation', async () => {
    await server.query('CREATE DATABASE shop');
    await server.query('REVOKE CONNECT ON DATABASE shop FROM PUBLIC; CREATE TABLE orders (id INT)', 'shop');
    expect(missing(await check())).to.have.length(1);
    const page = readFileSync('docs/connectors/postgres.md', 'utf8');
    const grants = [...page.matchAll(/^GRANT .+?;/gm)].map(([grant]) => grant);
    expect(grants).to.have.length(4);
    for (const grant of grants) await server.query(grant, 'shop');
    expect(missing(await check())).to.deep.equal([]);
  });

  it('looks at the rows of the databases that are selected where the recipe names another, and of those that take no connection says so', async () => {
    await server.query('CREATE DATABASE beside');
    await server.query('CREATE SCHEMA s; CREATE TABLE s.t (id INT)', 'beside');
    const only = (wanted: string): Selection => ({
      ...EVERYTHING,
      database: (name) => (name === wanted ? undefined : 'left out'),
    });
    for (const all of [true, false]) {
      const found = (await check(ROWS, only('beside'), all)).filter(({ passed }) => !passed);
      expect(found.map(({ remedy }) => remedy)).to.deep.equal([
        'GRANT USAGE ON SCHEMA "s" TO "ingest";',
        'GRANT SELECT ON "s"."t" TO "ingest";',
      ]);
    }
    await server.query('ALTER DATABASE beside CONNECTION LIMIT 0');
    const shut = (await check(ROWS, only('beside'), false)).filter(({ passed }) => !passed);
    expect(shut.map(({ name, mandatory }) => [name, mandatory])).to.deep.equal([['databases', false]]);
    expect(shut[0]?.message).to.include('too many connections for database "beside"');
    const gone = (await check(ROWS, only('gone'), false)).filter(({ passed }) => !passed);
    expect(gone.map(({ name }) => name)).to.deep.equal(['databases']);
  });
});
