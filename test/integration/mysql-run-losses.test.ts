import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { runCli } from '../services/cli.js';
import { startFaultProxy, type FaultProxy, type ProxiedCall } from '../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../services/mariadb.js';
import { startTcpProxy, type TcpProxy } from '../services/tcp-proxy.js';

const RIGHTS =
  'SELECT, SHOW VIEW ON sales.* TO narrow; GRANT SELECT, SHOW VIEW ON stock.* TO narrow; GRANT SELECT ON mysql.proc TO narrow';

/** @param more keys of sourceConfig.config */
const recipe = (more = '', successThreshold = 50): string => `
source:
  type: mysql
  serviceName: shop
  serviceConnection:
    config: {type: Mysql, username: narrow, authType: {password: "\${NARROW_PASSWORD}"}, hostPort: "\${MYSQL_HOST_PORT}"}
  sourceConfig:
    config: {type: DatabaseMetadata, schemaFilterPattern: {includes: [sales, stock]}${more}}
sink: {type: metadata-rest, config: {}}
workflowConfig:
  successThreshold: ${successThreshold}
  openMetadataServerConfig:
    hostPort: "\${OM_HOST_PORT}"
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${OM_JWT_TOKEN}"}
ingestionPipelineFQN: shop.metadata
`;

const report = z.object({
  state: z.string(),
  steps: z.array(z.object({ failures: z.array(z.object({ entity: z.string(), error: z.string() })) })),
});
type Report = z.infer<typeof report>;
const entities = z.object({ data: z.array(z.object({ fullyQualifiedName: z.string() })) });

/**
 * Runs of the whole workflow after which something is missing that is not gone, each from where the one before left the
 * catalog.
 */
describe('A MySQL run that sees less than there is', () => {
  let server: TestMariadb;
  let ingestion: Ingestion;
  let catalog: FaultProxy;
  let connection: TcpProxy;

  before(async function () {
    if (!hasMariadb()) return this.skip();
    server = await startMariadb();
    await server.run(`CREATE DATABASE sales; CREATE TABLE sales.orders (id INT PRIMARY KEY); CREATE TABLE sales.lines (id INT);
      CREATE TABLE sales.old (id INT); CREATE PROCEDURE sales.close_day() SELECT 1;
      CREATE DATABASE stock; CREATE TABLE stock.items (id INT); CREATE TABLE stock.places (id INT); CREATE PROCEDURE stock.recount() SELECT 1;
      CREATE USER narrow IDENTIFIED BY 'narrow-pass'; GRANT ${RIGHTS}`);
    ingestion = await startIngestion();
    catalog = await startFaultProxy();
    catalog.reset(ingestion.catalog.url);
    connection = await startTcpProxy(server.port);
    Object.assign(ingestion.env, {
      OM_HOST_PORT: `${catalog.url}/api`,
      MYSQL_HOST_PORT: `127.0.0.1:${connection.port}`,
      NARROW_PASSWORD: 'narrow-pass',
    });
    await ingestion.startWorker();
    expect((await run(recipe())).state).to.equal('success');
    expect(await present()).to.have.length(7);
  });
  afterEach(() => {
    catalog.onCall(() => undefined);
    connection.onSent(() => undefined);
  });
  after(async () => {
    await ingestion?.stop();
    await Promise.all([catalog?.close(), connection?.close(), server?.stop()]);
  });

  async function run(text: string): Promise<Report & { code: number | null }> {
    writeFileSync(join(ingestion.recipesDir, 'shop.yaml'), text);
    const { code, stdout, stderr } = await runCli(['run', 'shop.yaml', '--json'], {
      env: ingestion.env,
      cwd: ingestion.folder,
    });
    try {
      return { code, ...report.parse(JSON.parse(stdout)) };
    } catch (cause) {
      throw new Error(`no report: ${stdout}${stderr}`, { cause });
    }
  }

  /** Tables and procedures of the catalog without those marked deleted, below the database. */
  async function present(): Promise<string[]> {
    const found: string[] = [];
    for (const kind of ['tables', 'storedProcedures']) {
      const answer = await fetch(`${ingestion.catalog.url}/api/v1/${kind}?limit=100`, {
        headers: { Authorization: `Bearer ${ingestion.catalog.token}` },
      });
      for (const { fullyQualifiedName } of entities.parse(await answer.json()).data)
        found.push(fullyQualifiedName.replace('shop.default.', ''));
    }
    return found.sort();
  }

  /** Does something once, before the first call that fits is passed on. */
  function beforeCall(fits: (call: ProxiedCall) => boolean, work: () => Promise<void>): void {
    let done = false;
    catalog.onCall((call) => {
      if (done || !fits(call)) return undefined;
      done = true;
      return { kind: 'before', then: work };
    });
  }

  /** Does something once, before the first statement that fits is passed on. */
  function beforeStatement(fits: (text: string) => boolean, work: () => Promise<void>): void {
    let done = false;
    connection.onSent((data) => {
      if (done || !fits(data.toString('latin1'))) return undefined;
      done = true;
      return work();
    });
  }

  const failures = ({ steps }: Report): string[] => steps.flatMap((step) => step.failures.map(({ entity }) => entity));
  const revoke = (): Promise<void> => server.run('REVOKE SELECT, SHOW VIEW ON sales.* FROM narrow');
  const grant = (): Promise<void> => server.run(`GRANT ${RIGHTS}`);
  const isReadOfSales = (text: string): boolean =>
    text.includes("'sales'") && /FROM information_schema\.(TABLES|COLUMNS)/.test(text);

  for (const [threshold, state, code] of [
    [50, 'partialSuccess', 1],
    [95, 'failed', 2],
  ] as const) {
    it(`deletes nothing of a schema whose grant is revoked before it is read; ${state} with a threshold of ${threshold}`, async () => {
      const before = await present();
      beforeStatement(isReadOfSales, revoke);
      try {
        const ended = await run(recipe('', threshold));
        expect(failures(ended)).to.deep.equal(['shop.default.sales']);
        expect(ended).to.include({ state, code });
      } finally {
        await grant();
      }
      expect(await present()).to.deep.equal(before);
    });
  }

  it('deletes nothing when the grant is revoked after the schema was read, and says so', async () => {
    await server.run('DROP TABLE sales.old');
    const before = await present();
    beforeCall(({ method, path }) => method === 'GET' && path.includes('/tables?'), revoke);
    try {
      const ended = await run(recipe());
      expect(failures(ended)).to.deep.equal(['shop.default.sales']);
      expect(ended.steps[0]?.failures[0]?.error).to.contain('What the user may see changed');
      expect(ended).to.include({ state: 'partialSuccess', code: 1 });
    } finally {
      await grant();
    }
    expect(await present()).to.deep.equal(before);
  });

  it('reads again after its connections were killed while it asked for the columns, and deletes what is gone and no more', async () => {
    const before = await present();
    let killed = 0;
    connection.onSent((data) => {
      if (killed > 0 || !data.includes('information_schema.COLUMNS')) return undefined;
      killed += 1;
      connection.cut();
      connection.mend();
      return undefined;
    });
    expect(await run(recipe())).to.include({ state: 'success', code: 0 });
    expect(killed).to.equal(1);
    expect(await present()).to.deep.equal(before.filter((name) => name !== 'sales.old'));
  });

  it('keeps a table that the recipe leaves out, and one that the catalog refuses', async () => {
    await server.run("ALTER TABLE sales.orders COMMENT 'changed'");
    const before = await present();
    catalog.onCall(({ method, path }) =>
      method === 'PUT' && path.includes('/tables/bulk')
        ? { kind: 'refuse rows', refuses: () => true, message: 'not today' }
        : undefined
    );
    const ended = await run(recipe(', tableFilterPattern: {excludes: [items]}'));
    expect(failures(ended)).to.deep.equal(['shop.default.sales.orders']);
    expect(ended).to.include({ state: 'partialSuccess', code: 1 });
    expect(await present()).to.deep.equal(before);
  });

  it('empties a schema that really became empty', async () => {
    await server.run('DROP TABLE stock.items; DROP TABLE stock.places; DROP PROCEDURE stock.recount');
    const before = await present();
    expect(await run(recipe())).to.include({ state: 'success', code: 0 });
    expect(await present()).to.deep.equal(before.filter((name) => !name.startsWith('stock.')));
  });
});
