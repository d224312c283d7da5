import { expect } from 'chai';
import { z } from 'zod';
import type { RunReport } from '../../src/contract/run-report.js';
import { startMetadataRuns, type MetadataRuns } from '../services/metadata-run.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../services/postgres.js';

const KINDS = ['databases', 'databaseSchemas', 'tables', 'storedProcedures'];
const listing = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      fullyQualifiedName: z.string(),
      version: z.number(),
      owners: z.array(z.object({ name: z.string(), type: z.string() })).default([]),
    })
  ),
});

describe('includeOwners', () => {
  let server: TestPostgres;
  let runs: MetadataRuns;

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    process.env['PG_PASSWORD'] = server.password;
    runs = await startMetadataRuns();
    await server.query('CREATE ROLE "Jane"; CREATE ROLE "bob@example.com"; CREATE ROLE data; CREATE ROLE etl');
    await server.query('CREATE DATABASE owned OWNER "Jane"');
    await server.query(
      `CREATE SCHEMA s AUTHORIZATION data; CREATE TABLE s.a (id INT); ALTER TABLE s.a OWNER TO "bob@example.com";
CREATE VIEW s.v AS SELECT 1 AS one; ALTER VIEW s.v OWNER TO data; CREATE TABLE s.e (id INT); ALTER TABLE s.e OWNER TO etl;
CREATE FUNCTION s.f() RETURNS INT LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION s.f() OWNER TO "Jane"`,
      'owned'
    );
  });
  after(async () => {
    delete process.env['PG_PASSWORD'];
    await runs?.close();
    await server?.stop();
  });

  const call = async (method: string, path: string, body?: unknown, type = 'application/json'): Promise<unknown> => {
    const { url, token } = runs.catalog;
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  const run = (config: Readonly<Record<string, unknown>> = {}): Promise<RunReport> =>
    runs.run({
      type: 'postgres',
      serviceName: 'pg',
      connection: {
        ...{ type: 'Postgres', username: server.user, authType: { password: '${PG_PASSWORD}' } },
        ...{ hostPort: server.hostPort, database: 'owned' },
      },
      config: { schemaFilterPattern: { includes: ['^s$'] }, includeOwners: true, ...config },
    });

  /** Owners and versions by the names below the service. */
  async function held(): Promise<{ owners: Record<string, string[]>; versions: Record<string, number> }> {
    const owners: Record<string, string[]> = {};
    const versions: Record<string, number> = {};
    for (const kind of KINDS) {
      for (const each of listing.parse(await call('GET', `/${kind}?limit=100&fields=owners`)).data) {
        const name = each.fullyQualifiedName.replace('pg.', '');
        owners[name] = each.owners.map((owner) => `${owner.type} ${owner.name}`);
        versions[name] = each.version;
      }
    }
    return { owners, versions };
  }

  it('gives databases, schemas, tables, views and routines the users and teams of their owners, and notes those nobody knows', async () => {
    await call('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
    await call('PUT', '/users', { name: 'robert', email: 'bob@example.com' });
    await call('PUT', '/teams', { name: 'data' });
    await call('PUT', '/teams', { name: 'etl', teamType: 'Department' });
    const report = await run();
    expect(report.state).to.equal('success');
    expect((await held()).owners).to.deep.equal({
      owned: ['user jane'],
      'owned.s': ['team data'],
      'owned.s.a': ['user robert'],
      'owned.s.e': [],
      'owned.s.v': ['team data'],
      'owned.s.f': ['user jane'],
    });
    expect(report.notes.filter((note) => note.startsWith('Owner '))).to.have.length(1);
    expect(report.notes.join()).to.include('Owner etl of the source');
  });

  it('writes nothing by a second run, and an owner whom the catalog has come to know by the next', async () => {
    const before = await held();
    await run();
    expect(await held()).to.deep.equal(before);
    await call('PUT', '/users', { name: 'etl', email: 'etl@example.com' });
    await run();
    expect((await held()).owners['owned.s.e']).to.deep.equal(['user etl']);
  });

  it('leaves owners that a user has set, unless overrideMetadata says otherwise', async () => {
    const user = z
      .object({ id: z.string() })
      .parse(await call('PUT', '/users', { name: 'ann', email: 'ann@example.com' }));
    const table = z.object({ id: z.string() }).parse(await call('GET', '/tables/name/pg.owned.s.a'));
    const patch = [{ op: 'replace', path: '/owners', value: [{ id: user.id, type: 'user' }] }];
    await call('PATCH', `/tables/${table.id}`, patch, 'application/json-patch+json');
    await server.query('ALTER TABLE s.a OWNER TO data; COMMENT ON TABLE s.a IS $$new$$', 'owned');
    await run();
    expect((await held()).owners['owned.s.a']).to.deep.equal(['user ann']);
    await run({ overrideMetadata: true });
    expect((await held()).owners['owned.s.a']).to.deep.equal(['team data']);
  });

  it('sends none without the key', async () => {
    const before = (await held()).owners;
    await run({ includeOwners: false });
    expect((await held()).owners).to.deep.equal(before);
  });
});
