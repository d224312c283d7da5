import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { findSource, type CheckResult } from '../../../src/sources/index.js';
import { ALL_OPTIONS, collect, countingContext } from '../../conformance/metadata-source.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';

describe('Check of a MySQL recipe', () => {
  let server: TestMariadb;
  let users = 0;

  before(async () => {
    server = await startMariadb();
    await server.run(`CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY); CREATE DATABASE my_shop;
      CREATE TABLE my_shop.orders (id INT); CREATE VIEW shop.v AS SELECT id FROM shop.orders; CREATE PROCEDURE shop.p() SELECT 1`);
  });
  after(() => server.stop());

  /** Checks as a fresh user with these grants; `USER` in them stands for the account. */
  async function checkWith(grants: readonly string[], settings: Record<string, unknown> = {}): Promise<CheckResult[]> {
    users += 1;
    const username = `checker${users}`;
    await server.run(`CREATE USER ${username}@'%' IDENTIFIED BY 'checker-pass'`);
    for (const grant of grants) await server.run(grant.replaceAll('USER', `${username}@'%'`));
    const config = { username, authType: { password: 'checker-pass' }, hostPort: server.hostPort, ...settings };
    return collect(findSource('mysql').check(config, countingContext(), ALL_OPTIONS));
  }

  /** What failed, with the remedy, `USER` for the account again. */
  function failures(results: readonly CheckResult[]): string[] {
    return results
      .filter((result) => !result.passed)
      .map((result) => `${result.name}: ${(result.remedy ?? '').replaceAll(`'checker${users}'@'%'`, 'USER')}`);
  }

  const SELECT = 'GRANT SELECT ON shop.* TO USER';
  const SHOW_VIEW = 'GRANT SHOW VIEW ON shop.* TO USER';
  const PROC = 'GRANT SELECT ON mysql.proc TO USER';

  it('passes with the rights of the documentation', async () => {
    const page = readFileSync('docs/connectors/mysql.md', 'utf8');
    const grants = [...page.matchAll(/^GRANT .+;$/gm)].map(([line]) => line.replace("'ingest'@'%'", 'USER'));
    expect(grants).to.have.length(2);
    expect(failures(await checkWith(grants, { databaseSchema: 'shop' }))).to.deep.equal([]);
  });

  it('names each right that is missing with its GRANT, which mends it when pasted', async () => {
    const cases = [
      { grants: [SHOW_VIEW, PROC], missing: ['SELECT: GRANT SELECT ON `shop`.* TO USER;'] },
      { grants: [SELECT, PROC], missing: ['SHOW VIEW: GRANT SHOW VIEW ON `shop`.* TO USER;'] },
      { grants: [SELECT, SHOW_VIEW], missing: ['routine bodies: GRANT SELECT ON `mysql`.`proc` TO USER;'] },
    ];
    for (const { grants, missing } of cases) {
      const failed = failures(await checkWith(grants));
      expect(failed).to.deep.equal(missing);
      const mend = failed.map((line) => line.slice(line.indexOf(': ') + 2).replace(/;$/, ''));
      expect(failures(await checkWith([...grants, ...mend]))).to.deep.equal([]);
    }
  });

  it('asks for nothing about views and routines that the recipe leaves out', async () => {
    await server.run("CREATE USER plain IDENTIFIED BY 'plain-pass'; GRANT SELECT ON shop.* TO plain");
    const config = { username: 'plain', authType: { password: 'plain-pass' }, hostPort: server.hostPort };
    const options = { ...ALL_OPTIONS, includeViews: false, includeStoredProcedures: false };
    const results = await collect(findSource('mysql').check(config, countingContext(), options));
    expect(results.filter((result) => !result.passed)).to.deep.equal([]);
  });

  it('fails a user who sees nothing', async () => {
    const results = await checkWith([]);
    expect(results.find((result) => result.name === 'schemas')).to.include({ passed: false, mandatory: true });
  });

  it('fails a databaseSchema that the user does not see', async () => {
    const results = await checkWith([SELECT], { databaseSchema: 'my_shop' });
    expect(results.find((result) => result.name === 'schemas')).to.include({
      passed: false,
      mandatory: true,
      remedy: `GRANT SELECT, SHOW VIEW ON \`my\\_shop\`.* TO 'checker${users}'@'%';`,
    });
  });

  it('tells rights on single tables and columns from rights on the schema', async () => {
    const results = await checkWith([
      'GRANT SELECT (id) ON shop.orders TO USER',
      'GRANT SHOW VIEW ON shop.* TO USER',
      PROC,
    ]);
    expect(failures(results)).to.deep.equal(['SELECT: GRANT SELECT ON `shop`.* TO USER;']);
    expect(results.find((result) => !result.passed)?.message).to.include('single tables or columns only');
  });

  it('counts rights that come by an active role, and points to a role that is not active', async () => {
    await server.run(
      'CREATE ROLE reader; GRANT SELECT, SHOW VIEW ON shop.* TO reader; GRANT SELECT ON mysql.proc TO reader'
    );
    expect(failures(await checkWith(['GRANT reader TO USER', 'SET DEFAULT ROLE reader FOR USER']))).to.deep.equal([]);
    expect(failures(await checkWith(['GRANT reader TO USER']))).to.include(
      'roles: SET DEFAULT ROLE `reader` FOR USER;'
    );
  });

  it('understands wildcards in grants', async () => {
    const results = await checkWith(['GRANT SELECT, SHOW VIEW ON `%shop`.* TO USER', PROC]);
    expect(failures(results)).to.deep.equal([]);
    expect(results.find((result) => result.name === 'schemas')?.message).to.equal('my_shop, shop');
  });

  it('says in one line why there is no connection, and stops', async () => {
    const config = { username: 'nobody', authType: { password: 'wrong-pass' }, hostPort: server.hostPort };
    const results = await collect(findSource('mysql').check(config, countingContext(), ALL_OPTIONS));
    expect(results).to.have.length(1);
    expect(results[0]).to.include({ name: 'connection', passed: false, mandatory: true });
    expect(results[0]?.message).to.include('refused').and.not.include('wrong-pass');
  });
});
