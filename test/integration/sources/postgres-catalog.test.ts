import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { z } from 'zod';
import { startMetadataRuns, type MetadataRuns, type RecipeSource } from '../../services/metadata-run.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';

const GOLDEN = 'test/data/postgres/everything.catalog.json';
const FIELDS = 'columns,tableConstraints,tablePartition,tags,schemaDefinition,storedProcedureCode';
/** What differs from run to run without meaning anything. */
const VOLATILE = /^(id|href|version|updatedAt|updatedBy|createdAt|changeDescription|incrementalChangeDescription)$/;

/**
 * What a run makes of test/data/postgres/everything.sql in the catalog. After a change that is meant, write it anew and
 * read the difference:
 *
 *     UPDATE_GOLDEN=1 npx mocha dist/test/integration/sources/postgres-catalog.test.js && git diff test/data/postgres
 */
describe('The catalog of a PostgreSQL database', () => {
  let server: TestPostgres;
  let runs: MetadataRuns;

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    process.env['PG_PASSWORD'] = server.password;
    runs = await startMetadataRuns();
    await server.query(readFileSync('test/data/postgres/everything.sql', 'utf8'));
  });
  after(async () => {
    delete process.env['PG_PASSWORD'];
    await runs?.close();
    await server?.stop();
  });

  async function entities(): Promise<Map<string, Entity>> {
    const { url, token } = runs.catalog;
    const found = new Map<string, Entity>();
    for (const kind of ['databases', 'databaseSchemas', 'tables', 'storedProcedures']) {
      const headers = { Authorization: `Bearer ${token}` };
      const answer = await fetch(`${url}/api/v1/${kind}?limit=1000&include=all&fields=${FIELDS}`, { headers });
      const { data } = z.object({ data: z.array(entity) }).parse(await answer.json());
      for (const each of data) found.set(`${kind} ${each.fullyQualifiedName}`, each);
    }
    return found;
  }

  /** Runs, and says which entities were written. */
  async function changes(): Promise<string[]> {
    const source: RecipeSource = {
      type: 'postgres',
      serviceName: 'pg',
      connection: {
        ...{ type: 'Postgres', username: server.user, authType: { password: '${PG_PASSWORD}' } },
        ...{ hostPort: server.hostPort, database: 'postgres' },
      },
      config: { schemaFilterPattern: { includes: ['^everything$', '^other$'] } },
    };
    const before = await entities();
    const { state, steps } = await runs.run(source, { pipeline: true });
    expect(state, JSON.stringify(steps)).to.equal('success');
    const stamp = (each: Entity | undefined): string =>
      `${each?.version} ${each?.updatedAt} ${each?.deleted === true ? 'deleted' : ''}`;
    const written = [...(await entities())].filter(([key, each]) => stamp(before.get(key)) !== stamp(each));
    return written
      .map(([key, { deleted }]) => `${key.replace(/^\w+ pg\.postgres\./, '')}${deleted === true ? ' deleted' : ''}`)
      .sort();
  }

  it('is exactly that of the golden file after the first run, and nothing is written by the second', async () => {
    await changes();
    const made = Object.fromEntries([...(await entities())].map(([key, each]) => [key, steady(each)]));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, `${JSON.stringify(made, null, 1)}\n`);
    if (!existsSync(GOLDEN)) throw new Error(`${GOLDEN} is missing; see the head of this file`);
    expect(made).to.deep.equal(JSON.parse(readFileSync(GOLDEN, 'utf8')));
    expect(await changes()).to.deep.equal([]);
  });

  it('follows a change, a drop and a rename in exactly what they touch', async () => {
    await server.query(`SET search_path = everything, public;
COMMENT ON COLUMN times.a IS 'new'; ALTER TABLE by_list ADD more NUMERIC(4, 1); DROP FUNCTION plus(INT, INT);
CREATE POLICY more ON other.secured USING (true); CREATE TABLE a_part PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
ALTER TYPE address ADD ATTRIBUTE country TEXT; DROP TABLE unlogged; DROP VIEW across; DROP PROCEDURE archive;
ALTER TABLE dropped RENAME TO "E.new"; ALTER TYPE mood ADD VALUE 'new'`);
    expect(await changes()).to.deep.equal([
      'everything."E.new"',
      'everything.across deleted',
      'everything.archive deleted',
      'everything.by_list',
      'everything.domains',
      'everything.dropped deleted',
      'everything.lists',
      'everything.plus',
      'everything.structs',
      'everything.times',
      'everything.unlogged deleted',
      'other.secured',
    ]);
    expect(await changes()).to.deep.equal([]);
  });
});

const entity = z.looseObject({
  fullyQualifiedName: z.string(),
  version: z.number(),
  updatedAt: z.number(),
  deleted: z.boolean().optional(),
});
type Entity = z.infer<typeof entity>;

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (VOLATILE.test(key) ? [] : [[key, steady(each)]]))
  );
}
