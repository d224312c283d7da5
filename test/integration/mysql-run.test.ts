import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';

const GOLDEN = 'test/data/mysql/everything.catalog.json';
const KINDS = ['databases', 'databaseSchemas', 'tables', 'storedProcedures'] as const;
/** Keys that differ from run to run without meaning anything. */
const VOLATILE = new Set(['id', 'href', 'version', 'updatedAt', 'updatedBy', 'createdAt', 'changeDescription']);

const entities = z.object({
  data: z.array(
    z.looseObject({ fullyQualifiedName: z.string(), version: z.number(), deleted: z.boolean().optional() })
  ),
  paging: z.object({ after: z.string().nullish() }),
});
const report = z.object({ steps: z.array(z.object({ failures: z.array(z.object({ entity: z.string() })) })) });
type Entity = z.infer<typeof entities>['data'][number];

/**
 * The shipped recipe on test/data/mysql/*.sql, into the local catalog. After a change that is meant, write the golden file anew and read
 * the difference:
 *
 *     UPDATE_GOLDEN=1 npx mocha dist/test/integration/mysql-run.test.js && git diff test/data/mysql
 */
describe('om-ingest run recipes/mysql/metadata.yaml', () => {
  let server: TestMariadb;
  let ingestion: Ingestion;
  let env: Record<string, string>;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    server = await startMariadb();
    for (const file of ['everything', 'names']) await server.run(readFileSync(`test/data/mysql/${file}.sql`, 'utf8'));
    await server.run(`GRANT SELECT ON mysql.proc TO '${server.user}'@'%'`);
    ingestion = await startIngestion();
    copyFileSync('recipes/mysql/metadata.yaml', join(ingestion.recipesDir, 'mysql.yaml'));
    env = {
      ...ingestion.env,
      MYSQL_HOST_PORT: server.hostPort,
      MYSQL_USER: server.user,
      MYSQL_PASSWORD: server.password,
    };
    Object.assign(ingestion.env, env);
    await ingestion.startWorker();
  });
  after(async () => {
    await ingestion?.stop();
    await server?.stop();
  });

  /** Everything arrives but one view of the file, which refers to a table that is gone: a partial success that names it. */
  async function runAll(): Promise<void> {
    const { code, stdout } = await runCli(['run', 'mysql.yaml', '--json'], { env, cwd: ingestion.folder });
    expect(code, stdout).to.equal(1);
    const { steps } = report.parse(JSON.parse(stdout));
    expect(steps.flatMap((step) => step.failures.map(({ entity }) => entity))).to.deep.equal([
      'mysql.default.everything.broken',
    ]);
  }

  async function listed(): Promise<Map<string, Entity>> {
    const found = new Map<string, Entity>();
    const { url, token } = ingestion.catalog;
    for (const kind of KINDS) {
      let after: string | null | undefined;
      do {
        const query = new URLSearchParams({ fields: FIELDS[kind], include: 'all', limit: '500' });
        if (typeof after === 'string') query.set('after', after);
        const answer = await fetch(`${url}/api/v1/${kind}?${query.toString()}`, {
          headers: { Authorization: `Bearer ${token}` },
        });
        const page = entities.parse(await answer.json());
        for (const entity of page.data) found.set(`${kind} ${entity.fullyQualifiedName}`, entity);
        after = page.paging.after;
      } while (typeof after === 'string');
    }
    return found;
  }

  it('makes exactly the entities of the golden file', async () => {
    await runAll();
    const made = Object.fromEntries([...(await listed())].sort(byKey).map(([key, entity]) => [key, steady(entity)]));
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, `${JSON.stringify(made, null, 1)}\n`);
    expect(made).to.deep.equal(JSON.parse(readFileSync(GOLDEN, 'utf8')));
  });

  it('changes nothing the second time', async () => {
    const before = await listed();
    await runAll();
    expect(await listed()).to.deep.equal(before);
  });

  it('brings exactly a dropped table, a changed column and a renamed routine', async () => {
    await server.run(
      'CREATE DATABASE changing; CREATE TABLE changing.gone (id INT); CREATE TABLE changing.changed (id INT, note VARCHAR(10));' +
        ' CREATE TABLE changing.kept (id INT); CREATE PROCEDURE changing.old_name() SELECT 1'
    );
    await runAll();
    const before = await listed();
    await server.run(
      'DROP TABLE changing.gone; ALTER TABLE changing.changed MODIFY note VARCHAR(20);' +
        ' DROP PROCEDURE changing.old_name; CREATE PROCEDURE changing.new_name() SELECT 1'
    );
    await runAll();
    const after = await listed();
    const changed = [...after].filter(([key, entity]) => JSON.stringify(before.get(key)) !== JSON.stringify(entity));
    expect(changed.map(([key, { deleted = false }]) => `${key}${deleted ? ' (deleted)' : ''}`).sort()).to.deep.equal([
      'storedProcedures mysql.default.changing.new_name',
      'storedProcedures mysql.default.changing.old_name (deleted)',
      'tables mysql.default.changing.changed',
      'tables mysql.default.changing.gone (deleted)',
    ]);
  });
});

/** What each collection answers only when asked. */
const FIELDS: Readonly<Record<(typeof KINDS)[number], string>> = {
  databases: 'tags',
  databaseSchemas: 'tags',
  tables: 'tags,tableConstraints,tablePartition,schemaDefinition',
  storedProcedures: 'tags',
};

function byKey([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function steady(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !VOLATILE.has(key))
      .map(([key, each]) => [key, steady(each)])
  );
}
