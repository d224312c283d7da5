import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { startFaultProxy } from '../services/fault-proxy.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../services/metadata-run.js';

const DATA = 'test/data/foreign-keys';
const tables = z.object({
  data: z.array(
    z.object({
      fullyQualifiedName: z.string(),
      version: z.number(),
      tableConstraints: z
        .array(z.object({ constraintType: z.string(), referredColumns: z.array(z.string()).optional() }))
        .optional(),
    })
  ),
});

/** Keys to columns that the catalog spells otherwise or lacks. */
describe('Foreign keys of a MariaDB server', () => {
  let server: TestMariadb;
  let runs: MetadataRuns;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    [server, runs] = await Promise.all([startMariadb(), startMetadataRuns()]);
    for (const file of ['fk-name-case-mysql.sql', 'fk-hidden-target.sql'])
      await server.run(readFileSync(`${DATA}/${file}`, 'utf8'));
    await server.run('SET foreign_key_checks = 1');
  });
  after(async () => {
    await runs?.close();
    await server?.stop();
  });

  const source = (schema: string, config: Record<string, unknown> = {}, user?: [string, string]): RecipeSource => ({
    type: 'mysql',
    serviceName: schema,
    connection: {
      type: 'Mysql',
      username: user?.[0] ?? server.user,
      authType: { password: user?.[1] ?? server.password },
      hostPort: server.hostPort,
    },
    config: { schemaFilterPattern: { includes: [`^${schema}$`] }, ...config },
  });

  /** Tables with the columns that their foreign keys refer to. */
  async function keys(service: string): Promise<Record<string, string[]>> {
    const { data } = await listed();
    return Object.fromEntries(
      data
        .filter(({ fullyQualifiedName: fqn }) => fqn.startsWith(`${service}.`))
        .map(({ fullyQualifiedName: fqn, tableConstraints }) => [
          fqn.split('.').slice(-1)[0] ?? '',
          (tableConstraints ?? [])
            .filter(({ constraintType }) => constraintType === 'FOREIGN_KEY')
            .flatMap(({ referredColumns = [] }) =>
              referredColumns.map((column) => column.split('.').slice(-2).join('.'))
            ),
        ])
    );
  }

  async function listed(): Promise<z.infer<typeof tables>> {
    const { url, token } = runs.catalog;
    const answer = await fetch(`${url}/api/v1/tables?limit=100&fields=tableConstraints`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    return tables.parse(await answer.json());
  }

  for (const [schema, expected] of [
    ['bug_fk', { kid: ['parent.Id'], parent: [] }],
    ['bug_cyc', { a: ['b.id'], b: ['a.id'] }],
  ] as const) {
    it(`of ${schema} arrive as the catalog spells their columns, and the second run changes nothing`, async () => {
      const first = await runs.run(source(schema));
      expect(first.state, JSON.stringify(first)).to.equal('success');
      expect(await keys(schema)).to.deep.equal(expected);
      const before = await listed();
      const second = await runs.run(source(schema));
      expect(second.state).to.equal('success');
      expect(second.steps.at(-1)).to.include({ updated: 0, errors: 0 });
      expect(await listed()).to.deep.equal(before);
    });
  }

  it('to a column that column grants hide are left out with a note, and cost nothing else', async () => {
    const report = await runs.run(source('bug_fkc', { includeStoredProcedures: false }, ['u_fkc', 'x1']));
    expect(await keys('bug_fkc')).to.deep.equal({ c: [], p: [] });
    expect(report.notes.join('\n')).to.include('column id of bug_fkc.default.bug_fkc.p is not in the catalog');
    expect(
      report.steps.every(({ errors }) => errors === 0),
      JSON.stringify(report)
    ).to.equal(true);
  });

  it('to a new column of a table that a pattern leaves out wait for the run that reads it', async () => {
    await server.run(
      'CREATE DATABASE stale; CREATE TABLE stale.p (id INT PRIMARY KEY); CREATE TABLE stale.c (id INT PRIMARY KEY)'
    );
    await runs.run(source('stale'));
    await server.run(
      'ALTER TABLE stale.p ADD u INT UNIQUE; ALTER TABLE stale.c ADD uid INT, ADD FOREIGN KEY (uid) REFERENCES stale.p(u)'
    );
    const filtered = await runs.run(source('stale', { tableFilterPattern: { excludes: ['^p$'] } }));
    expect(filtered.state, JSON.stringify(filtered)).to.equal('success');
    expect(filtered.notes.join('\n')).to.include('column u of stale.default.stale.p is not in the catalog');
    expect(await keys('stale')).to.deep.equal({ c: [], p: [] });
    expect((await runs.run(source('stale'))).state).to.equal('success');
    expect(await keys('stale')).to.deep.equal({ c: ['p.u'], p: [] });
  });

  it('that OpenMetadata refuses cost neither the run nor other keys, and are tried again by the next run', async () => {
    await server.run(
      `CREATE DATABASE refused;
       CREATE TABLE refused.a (id INT PRIMARY KEY, b INT);
       CREATE TABLE refused.b (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES refused.a(id));
       ALTER TABLE refused.a ADD FOREIGN KEY (b) REFERENCES refused.b(id);
       CREATE TABLE refused.self (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES refused.self(id))`
    );
    const proxy = await startFaultProxy();
    try {
      proxy.reset(runs.catalog.url);
      let patches = 0;
      proxy.onCall(({ method }) => {
        if (method !== 'PATCH') return undefined;
        patches += 1;
        return patches === 1 ? { kind: 'status', status: 400 } : undefined;
      });
      const hostPort = `${proxy.url}/api`;
      const first = await runs.run(source('refused'), { hostPort });
      const sink = first.steps.at(-1);
      expect(first.state, JSON.stringify(first)).to.equal('partialSuccess');
      expect(sink).to.include({ errors: 1, updated: patches - 1 });
      expect(sink?.failures[0]?.error).to.contain('400');
      expect(Object.values(await keys('refused')).flat()).to.have.length(2);
      expect((await runs.run(source('refused'))).state).to.equal('success');
      expect(await keys('refused')).to.deep.equal({ a: ['b.id'], b: ['a.id'], self: ['self.id'] });
    } finally {
      await proxy.close();
    }
  });
});
