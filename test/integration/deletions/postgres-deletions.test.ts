import { expect } from 'chai';
import { z } from 'zod';
import type { RunReport } from '../../../src/contract/run-report.js';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';

/** Each begins with a run over `FIXTURE` in a database of its own. */
interface PostgresDeletionCase {
  readonly name: string;
  /** Before the later runs, by a superuser; `{db}` is the database, `{user}` the ingesting one. */
  readonly then: string;
  readonly repeat?: number;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly laterConfig?: Readonly<Record<string, unknown>>;
  readonly maxDeletedPercent?: number;
  /** Between the listing of the last run and its deletions. */
  readonly during?: string;
  /** Marked deleted in the end, below the database; `''` is the database. */
  readonly marked: readonly string[];
  /** `refused`: the last run does not begin. */
  readonly state?: 'partialSuccess' | 'refused';
  readonly says?: string;
}

const FIXTURE = `CREATE SCHEMA s; SET search_path = s;
${['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `CREATE TABLE ${name} (id INT PRIMARY KEY);`).join('')}
CREATE VIEW v AS SELECT id FROM b; CREATE MATERIALIZED VIEW m AS SELECT id FROM c;
CREATE TABLE p (n INT) PARTITION BY RANGE (n); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE FUNCTION f() RETURNS INT LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a INT) RETURNS INT LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE q() LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA t; CREATE TABLE t.x (id INT);`;
/** Schemas s, t and public, nine tables and views, a table, two routines, the database. */
const ENTITIES = 16;
const ALL = { markDeletedSchemas: true, markDeletedDatabases: true };

const CASES: readonly PostgresDeletionCase[] = [
  { name: 'a dropped table', then: 'DROP TABLE s.a', marked: ['s.a'] },
  {
    name: 'a dropped table once, however often the run is repeated',
    then: 'DROP TABLE s.a',
    repeat: 3,
    marked: ['s.a'],
  },
  { name: 'dropped views, of both kinds', then: 'DROP VIEW s.v; DROP MATERIALIZED VIEW s.m', marked: ['s.m', 's.v'] },
  { name: 'a renamed table', then: 'ALTER TABLE s.a RENAME TO z', marked: ['s.a'] },
  { name: 'a table that went to another schema', then: 'ALTER TABLE s.a SET SCHEMA t', marked: ['s.a'] },
  {
    name: 'a table that became a partition',
    then: 'CREATE TABLE s.pp (id INT NOT NULL) PARTITION BY RANGE (id); ALTER TABLE s.pp ATTACH PARTITION s.a FOR VALUES FROM (0) TO (9)',
    marked: ['s.a'],
  },
  { name: 'no table made again', then: 'DROP TABLE s.a; CREATE TABLE s.a (id INT, more INT)', marked: [] },
  { name: 'no table that became a view', then: 'DROP TABLE s.a; CREATE VIEW s.a AS SELECT 1 AS id', marked: [] },
  {
    name: 'no table that comes back between the listing and the deletions',
    then: 'DROP TABLE s.a',
    during: 'CREATE TABLE s.a (id INT)',
    marked: [],
  },
  { name: 'no table without its flag', then: 'DROP TABLE s.a', config: { markDeletedTables: false }, marked: [] },
  {
    name: 'no table that a pattern leaves out',
    then: 'DROP TABLE s.d',
    laterConfig: { tableFilterPattern: { excludes: ['^a$'] } },
    marked: ['s.d'],
  },
  {
    name: 'a dropped routine, not one of which an overload is left',
    then: 'DROP FUNCTION s.f(INT); DROP PROCEDURE s.q',
    marked: ['s.q'],
  },
  {
    name: 'no routine without its flag',
    then: 'DROP PROCEDURE s.q',
    config: { markDeletedStoredProcedures: false },
    marked: [],
  },
  { name: 'a dropped schema with what was in it', then: 'DROP SCHEMA t CASCADE', config: ALL, marked: ['t', 't.x'] },
  {
    name: 'nothing of a schema that a pattern leaves out',
    then: 'DROP TABLE t.x',
    config: ALL,
    laterConfig: { schemaFilterPattern: { excludes: ['^t$'] } },
    marked: [],
  },
  {
    name: 'nothing when rights on tables and schemas are lost: the catalogue shows them all the same',
    then: 'REVOKE ALL ON SCHEMA s, t FROM PUBLIC; REVOKE ALL ON ALL TABLES IN SCHEMA s FROM PUBLIC',
    config: ALL,
    marked: [],
  },
  {
    name: 'nothing when CONNECT is lost',
    then: 'REVOKE CONNECT ON DATABASE {db} FROM PUBLIC',
    config: ALL,
    repeat: 2,
    marked: [],
    state: 'refused',
  },
  {
    name: 'nothing when the catalogue itself is closed',
    then: 'REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC',
    config: ALL,
    marked: [],
    state: 'refused',
  },
  {
    name: 'nothing of an emptied database',
    then: 'DROP SCHEMA s, t CASCADE',
    config: ALL,
    repeat: 3,
    marked: [],
    state: 'partialSuccess',
  },
];

describe('Of a PostgreSQL database is marked deleted', () => {
  let server: TestPostgres;
  let runs: MetadataRuns;
  let made = 0;

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    process.env['PG_PASSWORD'] = server.password;
    runs = await startMetadataRuns();
  });
  after(async () => {
    delete process.env['PG_PASSWORD'];
    await runs?.close();
    await server?.stop();
  });

  for (const each of CASES) it(each.name, () => play(each));

  async function play(each: PostgresDeletionCase): Promise<void> {
    made += 1;
    const database = `case${made}`;
    const service = `pg${made}`;
    const run = (sql: string): Promise<unknown> =>
      server.query(sql.replaceAll('{db}', database).replaceAll('{user}', server.user), database);
    await server.query(`CREATE DATABASE ${database}`);
    await run(FIXTURE);
    const source = (config: Readonly<Record<string, unknown>> = {}): RecipeSource => ({
      type: 'postgres',
      serviceName: service,
      connection: {
        type: 'Postgres',
        username: server.user,
        authType: { password: '${PG_PASSWORD}' },
        hostPort: server.hostPort,
        database,
      },
      config: { schemaFilterPattern: { excludes: ['^information_schema$'] }, ...each.config, ...config },
    });
    const { maxDeletedPercent, during } = each;
    const options = { pipeline: true, ...(maxDeletedPercent === undefined ? {} : { maxDeletedPercent }) };
    await runs.run(source(), options);
    expect(await runs.live(service)).to.have.lengthOf(ENTITIES);

    await run(each.then);
    let report: RunReport | undefined;
    let refused: unknown;
    const excludes = ['^information_schema$'];
    const later = { ...each.laterConfig };
    const pattern = later['schemaFilterPattern'] as { excludes: string[] } | undefined;
    if (pattern !== undefined) later['schemaFilterPattern'] = { excludes: [...excludes, ...pattern.excludes] };
    for (let n = 0; n < (each.repeat ?? 1); n += 1) {
      const beforeDeletions = async (): Promise<void> => void (await run(during ?? ''));
      const going = runs.run(source(later), { ...options, ...(during === undefined ? {} : { beforeDeletions }) });
      report = await going.catch((error: unknown) => void (refused = error));
    }
    const text = JSON.stringify(report ?? String(refused));
    const marked = (await runs.deleted(service)).map((fqn) =>
      fqn.replace(`${service}.${database}`, '').replace(/^\./, '')
    );
    expect(marked.sort(), text).to.deep.equal([...each.marked].sort());
    expect(report === undefined ? 'refused' : report.state, text).to.equal(each.state ?? 'success');
  }

  it('exactly what changed is written: nothing by a second run, then a change, a drop and a rename', async () => {
    await server.query('CREATE DATABASE same');
    await server.query(FIXTURE, 'same');
    const source: RecipeSource = {
      type: 'postgres',
      serviceName: 'same',
      connection: {
        ...{ type: 'Postgres', username: server.user, authType: { password: '${PG_PASSWORD}' } },
        ...{ hostPort: server.hostPort, database: 'same' },
      },
      config: { schemaFilterPattern: { excludes: ['^information_schema$'] } },
    };
    const { url, token } = runs.catalog;
    /** The catalog's versions and times by FQN: any write of an entity shows. */
    const written = async (): Promise<Map<string, string>> => {
      const found = new Map<string, string>();
      for (const kind of ['databases', 'databaseSchemas', 'tables', 'storedProcedures']) {
        const answer = await fetch(`${url}/api/v1/${kind}?limit=1000&include=all`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        for (const { fullyQualifiedName: fqn, version, updatedAt, deleted } of listing.parse(await answer.json()).data)
          if (fqn.startsWith('same.')) found.set(fqn, `${version} ${updatedAt} ${deleted === true ? 'deleted' : ''}`);
      }
      return found;
    };
    const changes = async (): Promise<string[]> => {
      const before = await written();
      await runs.run(source, { pipeline: true });
      const after = await written();
      return [...after.keys()].filter((fqn) => before.get(fqn) !== after.get(fqn)).sort();
    };
    // A table and a function share the name f.
    expect(await changes()).to.have.length(ENTITIES - 1);
    expect(await changes()).to.deep.equal([]);
    await server.query("COMMENT ON COLUMN s.a.id IS 'new'", 'same');
    expect(await changes()).to.deep.equal(['same.same.s.a']);
    await server.query('DROP TABLE s.d', 'same');
    expect(await changes()).to.deep.equal(['same.same.s.d']);
    await server.query('ALTER TABLE s.e RENAME TO "E.new"; ALTER TABLE s.b ADD more NUMERIC(4, 1)', 'same');
    expect(await changes()).to.deep.equal(['same.same.s."E.new"', 'same.same.s.b', 'same.same.s.e']);
    expect(await changes()).to.deep.equal([]);
  });
});

const listing = z.object({
  data: z.array(
    z.object({
      fullyQualifiedName: z.string(),
      version: z.number(),
      updatedAt: z.number(),
      deleted: z.boolean().optional(),
    })
  ),
});
