import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli } from '../services/cli.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { mariadbEnvironment } from '../services/mariadb-environment.js';
import { startRecordingProxy, type RecordedRequest, type RecordingProxy } from '../services/recording-proxy.js';
import { isTimedProgress, placesInOrder, sentRequests, type SentRequest } from './mysql-run-requests.js';

const CATALOG = 'test/data/mysql/everything.catalog.json';
const REQUESTS = 'test/data/mysql/everything.requests.json';
const KINDS = ['databases', 'databaseSchemas', 'tables', 'storedProcedures'] as const;
/** Keys that differ from run to run without meaning anything. */
const VOLATILE = new Set(['id', 'href', 'version', 'updatedAt', 'updatedBy', 'createdAt', 'changeDescription']);

const entities = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      fullyQualifiedName: z.string(),
      version: z.number(),
      deleted: z.boolean().optional(),
    })
  ),
  paging: z.object({ after: z.string().nullish() }),
});
const report = z.object({ steps: z.array(z.object({ failures: z.array(z.object({ entity: z.string() })) })) });
type Entity = z.infer<typeof entities>['data'][number];

/**
 * The shipped recipe, with the text of tables too, on test/data/mysql/*.sql, into the local catalog: what is sent and
 * what is there then. After a change that is meant, write the golden files anew and read the difference:
 *
 *     UPDATE_GOLDEN=1 npx mocha dist/test/integration/mysql-run.test.js && git diff test/data/mysql
 */
describe('om-ingest run recipes/mysql/metadata.yaml', () => {
  let server: TestMariadb;
  let ingestion: Ingestion;
  let env: Record<string, string>;
  let proxy: RecordingProxy;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    server = await startMariadb();
    for (const file of ['everything', 'names']) await server.run(readFileSync(`test/data/mysql/${file}.sql`, 'utf8'));
    await server.run(`GRANT SELECT ON mysql.proc TO '${server.user}'@'%'`);
    ingestion = await startIngestion();
    const recipe = readFileSync('recipes/mysql/metadata.yaml', 'utf8');
    const withTexts = recipe.replace('type: DatabaseMetadata', '$&\n      includeDDL: true');
    writeFileSync(join(ingestion.recipesDir, 'mysql.yaml'), withTexts);
    proxy = await startRecordingProxy(ingestion.catalog.url);
    env = {
      ...ingestion.env,
      OM_HOST_PORT: `${proxy.url}/api`,
      ...mariadbEnvironment(server),
    };
    Object.assign(ingestion.env, env);
    await ingestion.startWorker();
  });
  after(async () => {
    await ingestion?.stop();
    await proxy?.close();
    await server?.stop();
  });

  /**
   * Everything arrives but one view of the file, which refers to a table that is gone: a partial success that names it.
   */
  async function runAll(): Promise<RecordedRequest[]> {
    const { code, stdout } = await runCli(['run', 'mysql.yaml', '--json'], { env, cwd: ingestion.folder });
    expect(code, stdout).to.equal(1);
    const { steps } = report.parse(JSON.parse(stdout));
    expect(steps.flatMap((step) => step.failures.map(({ entity }) => entity))).to.deep.equal([
      'mysql.default.everything.broken',
    ]);
    const recorded = proxy.take().filter((request) => !isTimedProgress(request));
    expect(recorded.filter(({ status }) => status >= 400 && status !== 404)).to.deep.equal([]);
    const places = placesInOrder(recorded);
    expect(places).to.have.length.above(1).and.to.not.include(-1);
    return recorded;
  }

  /** With ids by the names of their entities; `before` still has what the run took away. */
  async function steadyRequests(
    recorded: readonly RecordedRequest[],
    before: ReadonlyMap<string, Entity>
  ): Promise<readonly SentRequest[]> {
    const entities = [...before, ...(await listed())].map(([key, { id }]): [string, string] => [id, `{id of ${key}}`]);
    const known: [string, string][] = [
      [server.password, '{password}'],
      [server.hostPort, '{host}'],
    ];
    return sentRequests(recorded, new Map([...entities, ...known]));
  }

  function expectGolden(file: string, made: Readonly<Record<string, unknown>>): void {
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, `${JSON.stringify(made, null, 1)}\n`);
    expect(made).to.deep.equal(JSON.parse(readFileSync(file, 'utf8')));
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

  const sent: Record<string, readonly SentRequest[]> = {};

  it('makes exactly the entities of the golden file', async () => {
    const requests = await runAll();
    const made = await listed();
    sent['first'] = await steadyRequests(requests, new Map());
    const entities = [...made].sort(byKey).map(([key, entity]) => [key, steady(entity)] as const);
    expectGolden(CATALOG, Object.fromEntries(entities));
  });

  it('changes nothing the second time', async () => {
    const before = await listed();
    const requests = await runAll();
    expect(await listed()).to.deep.equal(before);
    sent['second'] = await steadyRequests(requests, before);
    const bulks = requests.filter(({ method, path }) => method !== 'GET' && /tables|storedProcedures/.test(path));
    expect(bulks.filter((request) => !isTrial(request))).to.deep.equal([]);
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
    const requests = await runAll();
    const after = await listed();
    const changed = [...after].filter(([key, entity]) => JSON.stringify(before.get(key)) !== JSON.stringify(entity));
    expect(changed.map(([key, { deleted = false }]) => `${key}${deleted ? ' (deleted)' : ''}`).sort()).to.deep.equal([
      'storedProcedures mysql.default.changing.new_name',
      'storedProcedures mysql.default.changing.old_name (deleted)',
      'tables mysql.default.changing.changed',
      'tables mysql.default.changing.gone (deleted)',
    ]);
    sent['after changes'] = await steadyRequests(requests, before);
  });

  it('sends exactly the requests of the golden file', () => {
    expectGolden(REQUESTS, sent);
  });
});

/** A look at what would be deleted. */
function isTrial({ path, body }: RecordedRequest): boolean {
  return (
    path.endsWith('/deleteStale') &&
    typeof body === 'object' &&
    body !== null &&
    'dryRun' in body &&
    body.dryRun === true
  );
}

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
