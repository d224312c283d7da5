import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { findSource, type CheckOptions, type CheckResult } from '../../../src/sources/index.js';
import { collect, countingContext } from '../../conformance/metadata-source.js';
import { runCli } from '../../services/cli.js';
import { startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { ALL_OPTIONS } from '../../conformance/everything.js';

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
  async function checkWith(
    grants: readonly string[],
    settings: Record<string, unknown> = {},
    options: Partial<CheckOptions> = {}
  ): Promise<CheckResult[]> {
    users += 1;
    const username = `checker${users}`;
    await server.run(`CREATE USER ${username}@'%' IDENTIFIED BY 'checker-pass'`);
    for (const grant of grants) await server.run(grant.replaceAll('USER', `${username}@'%'`));
    const config = { username, authType: { password: 'checker-pass' }, hostPort: server.hostPort, ...settings };
    return collect(findSource('mysql').check(config, countingContext(), { ...ALL_OPTIONS, ...options }));
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

  it("names the server's modes that users' SQL runs without, where rows are read", async () => {
    const [before] = await server.query('SELECT @@GLOBAL.sql_mode AS mode');
    const found = async (readsRows: boolean): Promise<string[]> =>
      (await checkWith([SELECT, SHOW_VIEW, PROC], {}, { readsRows })).flatMap(({ name, message, mandatory }) =>
        name === 'sql_mode' && !mandatory ? [message] : []
      );
    try {
      expect(await found(true)).to.deep.equal([]);
      await server.run("SET GLOBAL sql_mode = 'ANSI'");
      expect((await found(true)).join()).to.include('PIPES_AS_CONCAT, ANSI_QUOTES;');
      expect(await found(false)).to.deep.equal([]);
    } finally {
      await server.run(`SET GLOBAL sql_mode = '${String(before?.['mode'])}'`);
    }
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

  describe('for lineage', () => {
    const LOG = 'GRANT SELECT ON mysql.general_log TO USER';
    /** What a run does without. */
    const OPTIONAL = ['warn routine bodies: optional', 'warn triggers: optional', 'warn view queries: optional'];
    const found = (lines: readonly string[]): string[] =>
      lines
        .filter((line) => /^(warn|FAIL)/.test(line))
        .map((line) => line.split(': ').slice(0, 2).join(': ').replace(/ +/, ' '));

    /** The output of `om-ingest check` on a lineage recipe, as a fresh user with these grants. */
    async function checkLineage(
      grants: readonly string[],
      config = '{}',
      keys = ''
    ): Promise<{ code: number | null; lines: string[] }> {
      users += 1;
      const username = `checker${users}`;
      await server.run(`CREATE USER ${username}@'%' IDENTIFIED BY 'checker-pass'`);
      for (const grant of grants) await server.run(grant.replaceAll('USER', `${username}@'%'`));
      const source = `{type: mysql-lineage, serviceName: shop, serviceConnection: {config: {type: Mysql, username: ${username},
        hostPort: "${server.hostPort}", authType: {password: checker-pass}${keys}}}, sourceConfig: {config: ${config}}}`;
      const sink = '{type: metadata-rest, config: {}}';
      const securityConfig = '{jwtToken: "${OM_JWT_TOKEN}"}';
      const workflowConfig = `{openMetadataServerConfig: {hostPort: "${catalog.hostPort}", authProvider: openmetadata, securityConfig: ${securityConfig}}}`;
      const file = join(folder, `${username}.yaml`);
      writeFileSync(file, `source: ${source}\nsink: ${sink}\nworkflowConfig: ${workflowConfig}\n`);
      const { code, stdout } = await runCli(['check', file], { cwd: folder, env: { OM_JWT_TOKEN: catalog.token } });
      const lines = stdout.split('\n').map((line) => line.trim().replaceAll(`'${username}'@'%'`, 'USER'));
      return { code, lines };
    }

    let folder: string;
    let catalog: LocalCatalog;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'om-check-'));
      catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
      const { hostPort, token } = catalog;
      const client = new OpenMetadataClient({ hostPort, token: () => Promise.resolve(token), userAgent: 'test' });
      await client.services.create({ name: 'shop', serviceType: 'Mysql' });
      await client.close();
    });
    after(async () => {
      await catalog.close();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(() => server.run("SET GLOBAL log_output = 'TABLE'; SET GLOBAL general_log = ON"));

    it('needs the log and no right on schemas', async () => {
      const { code, lines } = await checkLineage([LOG], '{type: DatabaseLineage, filterCondition: "thread_id > 0"}');
      expect(found(lines)).to.deep.equal(OPTIONAL);
      expect(lines.map((line) => line.split(/ {2,}|: /)[1])).to.include.members([
        'connection',
        'query log',
        'filterCondition',
        'log_output',
        'general_log',
      ]);
      expect(code).to.equal(0);
    });

    it('names what is missing, each with the statement that mends it', async () => {
      await server.run("SET GLOBAL log_output = 'FILE'; SET GLOBAL general_log = OFF");
      const { code, lines } = await checkLineage([], '{type: DatabaseLineage}');
      const [grants = [], sets = []] = ['GRANT', 'SET'].map((word) =>
        lines.filter((line) => line.startsWith(`${word} `))
      );
      expect([...grants, ...sets]).to.deep.equal([
        'GRANT SELECT ON `mysql`.`general_log` TO USER;',
        'GRANT SELECT ON `mysql`.`proc` TO USER;',
        'GRANT TRIGGER ON *.* TO USER;',
        'GRANT SELECT, SHOW VIEW ON *.* TO USER;',
        "SET GLOBAL log_output = 'TABLE';",
        'SET GLOBAL general_log = ON;',
      ]);
      expect(code).to.equal(2);
      for (const remedy of sets) await server.run(remedy);
      const mended = await checkLineage([LOG], '{type: DatabaseLineage}');
      expect(found(mended.lines)).to.deep.equal(OPTIONAL);
    });

    it('names the rights by which rows of stored bodies are told, as optional', async () => {
      const remediesOf = ({ lines }: { readonly lines: readonly string[] }): string[] =>
        lines.filter((_, at) => /^warn .*: optional: /.test(lines[at - 1] ?? ''));
      const config = '{type: DatabaseLineage}';
      const { code, lines } = await checkLineage([LOG], config);
      const rights = [
        'GRANT SELECT ON `mysql`.`proc` TO USER;',
        'GRANT TRIGGER ON *.* TO USER;',
        'GRANT SELECT, SHOW VIEW ON *.* TO USER;',
      ];
      expect(remediesOf({ lines })).to.deep.equal(rights);
      expect(code).to.equal(0);
      const onSchemas = ['GRANT SELECT, SHOW VIEW, TRIGGER ON shop.* TO USER', PROC];
      expect(remediesOf(await checkLineage([LOG, ...onSchemas], config)), 'on a schema').to.deep.equal(rights.slice(1));
      await server.run('SET GLOBAL event_scheduler = ON');
      try {
        const events = 'GRANT EVENT ON *.* TO USER;';
        expect(remediesOf(await checkLineage([LOG, ...rights], config)), 'the server runs events').to.deep.equal([
          events,
        ]);
        const all = await checkLineage([LOG, ...rights, events], config);
        expect(all.lines.filter((line) => /^(warn|FAIL)/.test(line))).to.deep.equal([]);
      } finally {
        await server.run('SET GLOBAL event_scheduler = OFF');
      }
    });

    it('says nothing of stored bodies where the log is another table than the general log', async () => {
      await server.run('CREATE TABLE IF NOT EXISTS my_shop.copied LIKE mysql.general_log');
      const own = async (keys: string, grant: string): Promise<string[]> =>
        (await checkLineage([grant], '{type: DatabaseLineage}', keys)).lines.filter((line) => /optional/.test(line));
      const slow = 'GRANT SELECT ON mysql.slow_log TO USER';
      expect(await own(', useSlowLogs: true', slow)).to.deep.equal([]);
      const copied = 'GRANT SELECT ON my_shop.copied TO USER';
      expect(await own(', queryHistoryTable: my_shop.copied', copied)).to.deep.equal([]);
    });

    it('shows a filterCondition that the server does not take, and asks nothing of a run that reads no log', async () => {
      const { code, lines } = await checkLineage([LOG], '{type: DatabaseLineage, filterCondition: "no_such = 1"}');
      expect(lines.filter((line) => line.startsWith('FAIL'))).to.have.length(1);
      expect(lines.find((line) => line.startsWith('FAIL')))
        .to.contain('filterCondition')
        .and.contain('no_such');
      expect(code).to.equal(2);
      const views = await checkLineage([], '{type: DatabaseLineage, processQueryLineage: false}');
      expect(views.lines.filter((line) => /^(warn|FAIL)/.test(line))).to.deep.equal([]);
    });
  });

  it('says in one line why there is no connection, and stops', async () => {
    const config = { username: 'nobody', authType: { password: 'wrong-pass' }, hostPort: server.hostPort };
    const results = await collect(findSource('mysql').check(config, countingContext(), ALL_OPTIONS));
    expect(results).to.have.length(1);
    expect(results[0]).to.include({ name: 'connection', passed: false, mandatory: true });
    expect(results[0]?.message).to.include('refused').and.not.include('wrong-pass');
  });
});
