import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import {
  inlineToken,
  OpenMetadataClient,
  type CreateTestCaseRequest,
  type TestCaseRecord,
} from '../../../src/openmetadata/index.js';
import { runCli, startCli } from '../../services/cli.js';
import { startFaultProxy, type FaultProxy } from '../../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';

/** Cases of each table, and what becomes of them. */
const PER_TABLE = 20;
const FAILING = 2;
/** Which call with a result of a test the worker is killed at: it reaches the catalog, its answer nobody. */
const KILLED_AT = 30;
const SUITE = 'all_tables';

const report = z.object({
  state: z.string(),
  tests: z.object({ success: z.number(), failed: z.number(), aborted: z.number() }),
  steps: z.array(z.object({ statements: z.number() })),
});

/** Tests of a logical suite over so many tables, 20 of each, run by a worker that is killed in the middle. */
export function manyCases(tables: number): void {
  describe(`${tables * PER_TABLE} test cases over ${tables} tables`, function () {
    this.timeout(300_000);
    let server: TestMariadb;
    let ingestion: Ingestion;
    let proxy: FaultProxy;
    let om: OpenMetadataClient;
    let suiteId: string;

    before(async function () {
      if (!hasMariadb()) return this.skip();
      server = await startMariadb();
      await server.run('CREATE DATABASE many');
      for (let n = 0; n < tables; n += 1) {
        await server.run(`CREATE TABLE many.t${n} (id INT PRIMARY KEY, name VARCHAR(20), qty INT)`);
        await server.run(`INSERT INTO many.t${n} VALUES (1, 'a', 10), (2, 'b', 20), (3, NULL, 30)`);
      }
      ingestion = await startIngestion();
      proxy = await startFaultProxy();
      proxy.reset(ingestion.catalog.url);
      const { hostPort: MYSQL_HOST_PORT, user: MYSQL_USER, password: MYSQL_PASSWORD } = server;
      const OM_HOST_PORT = `${proxy.url}/api`;
      Object.assign(ingestion.env, { OM_HOST_PORT, MYSQL_HOST_PORT, MYSQL_USER, MYSQL_PASSWORD });
      writeFileSync(join(ingestion.recipesDir, 'many.yaml'), METADATA);
      writeFileSync(join(ingestion.recipesDir, 'quality.yaml'), QUALITY);
      om = new OpenMetadataClient({
        hostPort: ingestion.catalog.hostPort,
        token: inlineToken(ingestion.catalog.token),
        userAgent: 'test',
      });
    });
    after(async () => {
      await om?.close();
      await ingestion?.stop();
      await proxy?.close();
      await server?.stop();
    });

    it('take far fewer statements, and a kill -9 of their worker leaves each result there once', async () => {
      const { env, folder: cwd } = ingestion;
      const first = await ingestion.startWorker();
      const metadata = await runCli(['run', 'many.yaml'], { env, cwd });
      expect(metadata.code, metadata.stderr).to.equal(0);
      suiteId = await makeSuite(ingestion, om, tables);
      let results = 0;
      proxy.onCall(({ method, path }) => {
        if (method === 'GET' || !path.includes('/testCaseResults/')) return undefined;
        results += 1;
        if (results === KILLED_AT) first.child.kill('SIGKILL');
        return undefined;
      });
      const run = startCli(['run', 'quality.yaml', '--json'], { env, cwd });
      const endedBefore = run.ended.then((outcome) => {
        throw new Error(`the run ended before its worker was killed: ${JSON.stringify(outcome)}`);
      });
      await Promise.race([first.ended, endedBefore]);
      expect((await withResult(om, suiteId)).length, 'published when it was killed').to.be.within(1, KILLED_AT + 10);
      await ingestion.startWorker();
      const { code, stdout, stderr } = await run.ended;
      expect(code, stdout + stderr).to.equal(0);
      const { tests, state, steps } = report.parse(JSON.parse(stdout));
      expect({ state, ...tests }).to.deep.equal({
        state: 'success',
        success: tables * (PER_TABLE - FAILING),
        failed: tables * FAILING,
        aborted: 0,
      });
      const statements = steps.reduce((sum, step) => sum + step.statements, 0);
      // with the looks for what the killed worker left running, one for each unit that was in work
      expect(statements, 'statements of the report').to.be.within(tables, (tables * PER_TABLE) / 3);
      const cases = await withResult(om, suiteId);
      expect(cases).to.have.length(tables * PER_TABLE);
      for (const { fullyQualifiedName: fqn } of cases)
        expect(await om.tests.results(fqn, { startTs: 0, endTs: Date.now() }), fqn).to.have.length(1);
    });
  });
}

async function withResult({ tests }: OpenMetadataClient, suiteId: string): Promise<TestCaseRecord[]> {
  const all: TestCaseRecord[] = [];
  for await (const page of tests.cases(suiteId, { withResults: true }))
    all.push(...page.filter(({ testCaseResult }) => testCaseResult !== undefined));
  return all;
}

async function makeSuite({ catalog }: Ingestion, { tests }: OpenMetadataClient, tables: number): Promise<string> {
  const answer = await fetch(`${catalog.hostPort}/v1/dataQuality/testSuites`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${catalog.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: SUITE }),
  });
  const logical = z.object({ id: z.string() }).parse(await answer.json());
  for (let n = 0; n < tables; n += 1) {
    const fqn = `many.default.many.t${n}`;
    const { id } = await tests.putBasicSuite({ name: `${fqn}.testSuite`, basicEntityReference: fqn });
    await tests.createCases(casesOf(fqn));
    const ids: string[] = [];
    for await (const page of tests.cases(id)) ids.push(...page.map((each) => each.id));
    await tests.addToSuite(logical.id, ids);
  }
  return logical.id;
}

function casesOf(fqn: string): CreateTestCaseRequest[] {
  const given = (
    testDefinition: string,
    column: string | undefined,
    parameters: Record<string, string> = {}
  ): CreateTestCaseRequest => ({
    name: '',
    testDefinition,
    entityLink: `<#E::table::${fqn}${column === undefined ? '' : `::columns::${column}`}>`,
    parameterValues: Object.entries(parameters).map(([name, value]) => ({ name, value })),
  });
  const bounds = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((min) =>
    given('columnValuesToBeBetween', 'qty', { minValue: String(min) })
  );
  return [
    ...bounds,
    given('columnValuesToBeNotNull', 'id'),
    given('columnValuesToBeNotNull', 'name'),
    given('columnValuesToBeUnique', 'id'),
    given('columnValuesToBeUnique', 'name'),
    given('columnValueMedianToBeBetween', 'qty', { minValueForMedianInCol: '20' }),
    given('columnValuesToMatchRegex', 'name', { regex: '^[ab]$' }),
    given('columnValuesToBeInSet', 'name', { allowedValues: '["a"]' }),
    given('tableRowCountToEqual', undefined, { value: '3' }),
    given('tableRowCountToEqual', undefined, { value: '4' }),
    given('tableColumnCountToEqual', undefined, { columnCount: '3' }),
    given('columnValuesSumToBeBetween', 'qty', { minValueForColSum: '60', maxValueForColSum: '60' }),
  ].map((request, at) => ({ ...request, name: `case_${at}` }));
}

const SERVER = `
workflowConfig:
  openMetadataServerConfig:
    hostPort: \${OM_HOST_PORT}
    authProvider: openmetadata
    securityConfig: {jwtToken: "\${OM_JWT_TOKEN}"}
`;
const CONNECTION = `
            config:
              type: Mysql
              username: \${MYSQL_USER}
              authType: {password: "\${MYSQL_PASSWORD}"}
              hostPort: \${MYSQL_HOST_PORT}`;
const METADATA = `
source:
  type: mysql
  serviceName: many
  serviceConnection: ${CONNECTION}
  sourceConfig: {config: {type: DatabaseMetadata, schemaFilterPattern: {includes: ["^many$"]}}}
sink: {type: metadata-rest, config: {}}
${SERVER}`;
const QUALITY = `
source:
  type: TestSuite
  serviceName: ${SUITE}
  sourceConfig:
    config:
      type: TestSuite
      serviceConnections:
        - serviceName: many
          serviceConnection: ${CONNECTION}
processor: {type: orm-test-runner, config: {}}
sink: {type: metadata-rest, config: {}}
${SERVER}`;
