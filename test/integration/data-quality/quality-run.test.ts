import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { inlineToken, OpenMetadataClient, type TestCaseRecord } from '../../../src/openmetadata/index.js';
import { runCli, type CliOutcome } from '../../services/cli.js';
import { startFaultProxy } from '../../services/fault-proxy.js';
import { startIngestion, type Ingestion } from '../../services/ingestion.js';

const TABLE = 'quickstart_shop.shop.main.orders';
const PIPELINE = `${TABLE}.testSuite.nightly`;

describe('a data quality run', () => {
  let ingestion: Ingestion;
  let om: OpenMetadataClient;
  before(async function () {
    this.timeout(240_000);
    ingestion = await startIngestion();
    copyFileSync('recipes/quickstart/data-quality.yaml', join(ingestion.recipesDir, 'quality.yaml'));
    om = new OpenMetadataClient({
      hostPort: ingestion.catalog.hostPort,
      token: inlineToken(ingestion.catalog.token),
      userAgent: 'test',
    });
    await ingestion.startWorker();
    const metadata = await cli('run', 'shop.yaml');
    expect(metadata.code, metadata.stderr).to.equal(0);
  });
  after(async () => {
    await om?.close();
    await ingestion?.stop();
  });

  const cli = (...args: string[]): Promise<CliOutcome> => runCli(args, { env: ingestion.env, cwd: ingestion.folder });

  const cases = async (): Promise<TestCaseRecord[]> => {
    const suite = await om.tests.suite(`${TABLE}.testSuite`);
    const all: TestCaseRecord[] = [];
    for await (const page of om.tests.cases(suite?.id ?? '', { withResults: true })) all.push(...page);
    return all;
  };
  const statuses = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries((await cases()).map(({ name, testCaseResult }) => [name, testCaseResult?.testCaseStatus]));

  it('makes the suite and the cases of the recipe, runs them and publishes their results', async () => {
    const { code, stdout, stderr } = await cli('run', 'quality.yaml', '--junit', 'made/for/it/results.xml');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout)
      .to.include('Tests: 5 passed, 1 failed, 0 aborted')
      .and.include('testSuiteWorkflow of quickstart_shop: success');
    expect(stdout)
      .to.include('Data Quality')
      .and.match(/paid_orders_are_shipped failed: Found 1 row/);
    expect(await statuses()).to.deep.equal({
      orders_are_there: 'Success',
      order_id_is_unique: 'Success',
      customer_id_is_not_null: 'Success',
      status_is_known: 'Success',
      shipped_after_it_was_ordered: 'Success',
      paid_orders_are_shipped: 'Failed',
    });
    const xml = readFileSync(join(ingestion.folder, 'made/for/it/results.xml'), 'utf8');
    expect(xml).to.include('tests="6" failures="1" errors="0"');
    expect(xml).to.match(/name="paid_orders_are_shipped">\s+<failure type="tableCustomSQLQuery" message="Found 1 row/);
  });

  it('is not begun when its results could not be written', async () => {
    const { code, stderr } = await cli('run', 'quality.yaml', '--junit', 'shop.db/results.xml');
    expect(stderr).to.match(
      /--junit shop\.db\/results\.xml can't be written \(E\w+\); no run was started\. Name a file/
    );
    expect(code).to.equal(2);
  });

  it('says by its plan which case it would refuse, and plans the others', async () => {
    const text = readFileSync(join(ingestion.recipesDir, 'quality.yaml'), 'utf8').replace(
      '    testCases:\n',
      `    testCases:
      - name: writes
        testDefinitionName: tableCustomSQLQuery
        parameterValues: [{ name: sqlExpression, value: DELETE FROM orders }]
`
    );
    writeFileSync(join(ingestion.recipesDir, 'writes.yaml'), text);
    const { code, stdout, stderr } = await cli('plan', 'writes.yaml');
    expect(stdout, stderr).to.match(
      /writes \(tableCustomSQLQuery\): .*DELETE is not a part of a statement that only reads/
    );
    expect(stdout).to.contain('paid_orders_are_shipped').and.to.contain('SELECT');
    expect(code).to.equal(0);
  });

  it('reports to a pipeline that belongs to the test suite', async () => {
    const pipeline = await om.pipelines.find(PIPELINE);
    expect([pipeline?.pipelineType, pipeline?.service?.type]).to.deep.equal(['TestSuite', 'testSuite']);
    const [status] = await om.pipelines.listStatuses(PIPELINE, { startTs: 0, endTs: Date.now() });
    expect(status?.pipelineState).to.equal('success');
  });

  it('keeps the rows that failed a test, and the statement that shows them', async () => {
    const failed = (await cases()).find(({ name }) => name === 'paid_orders_are_shipped');
    const path = `${ingestion.catalog.hostPort}/v1/dataQuality/testCases/${failed?.id ?? ''}`;
    const headers = { authorization: `Bearer ${ingestion.catalog.token}` };
    const sample: unknown = await (await fetch(`${path}/failedRowsSample`, { headers })).json();
    expect(sample).to.deep.equal({
      columns: ['order_id', 'status', 'ordered_at'],
      rows: [[2, 'paid', '2025-06-18T20:15:00']],
    });
    const stored: unknown = await (await fetch(`${path}?fields=inspectionQuery`, { headers })).json();
    expect(stored).to.have.property('inspectionQuery').that.includes('SELECT order_id, status');
  });

  it('fails by --fail-on-test-failure, and only what --only names runs', async () => {
    const outcome = await cli('run', 'quality.yaml', '--only', 'paid_orders_are_shipped', '--fail-on-test-failure');
    expect(outcome.code, outcome.stdout).to.equal(1);
    expect(outcome.stdout).to.include('Tests: 0 passed, 1 failed, 0 aborted');
    const unique = await cli('run', 'quality.yaml', '--only', 'columnValuesToBeUnique', '--fail-on-test-failure');
    expect([unique.code, unique.stdout]).to.satisfy(
      ([code, out]: [number, string]) => code === 0 && out.includes('Tests: 1 passed')
    );
  });

  it('has in its JUnit file the results that OpenMetadata refused, too', async () => {
    const proxy = await startFaultProxy();
    try {
      proxy.reset(ingestion.catalog.url);
      proxy.onCall(({ method, path }) =>
        method === 'POST' && path.includes('paid_orders_are_shipped') ? { kind: 'status', status: 400 } : undefined
      );
      const text = readFileSync(join(ingestion.recipesDir, 'quality.yaml'), 'utf8');
      const through = text.replace(/hostPort: \$\{OM_HOST_PORT.*\}/, `hostPort: ${proxy.url}/api`);
      writeFileSync(join(ingestion.recipesDir, 'refused.yaml'), through);
      const before = await om.tests.results(`${TABLE}.paid_orders_are_shipped`, { startTs: 0, endTs: Date.now() });
      const { code, stdout, stderr } = await cli('run', 'refused.yaml', '--junit', 'refused.xml');
      expect(code, stderr).to.equal(2);
      expect(stdout).to.include('400').and.include('not taken');
      const xml = readFileSync(join(ingestion.folder, 'refused.xml'), 'utf8');
      expect(xml).to.include('tests="6" failures="1" errors="0"');
      expect(xml).to.match(
        /name="paid_orders_are_shipped">\s+<failure type="tableCustomSQLQuery" message="Found 1 row/
      );
      const after = await om.tests.results(`${TABLE}.paid_orders_are_shipped`, { startTs: 0, endTs: Date.now() });
      expect(after, 'it was refused').to.have.length(before.length);
    } finally {
      await proxy.close();
    }
  });

  it('fails when there is nothing to run', async () => {
    const { code, stdout } = await cli('run', 'quality.yaml', '--only', 'nothing_of_this_name');
    expect(code).to.equal(2);
    expect(stdout).to.include('none to run here').and.include('nothing_of_this_name');
  });

  it('runs what is configured on the table when the recipe has no tests, word for word as the documentation writes it', async () => {
    const recipe = `
source:
  type: TestSuite
  serviceName: quickstart_shop
  sourceConfig:
    config:
      type: TestSuite
      entityFullyQualifiedName: ${TABLE}
processor:
  type: orm-test-runner
  config: {}
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  loggerLevel: INFO
  openMetadataServerConfig:
    hostPort: ${ingestion.catalog.hostPort}
    authProvider: openmetadata
    securityConfig:
      jwtToken: "${ingestion.catalog.token}"
`;
    writeFileSync(join(ingestion.recipesDir, 'documented.yaml'), recipe);
    const { code, stdout, stderr } = await cli('run', 'documented.yaml');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.include('Tests: 5 passed, 1 failed, 0 aborted');
  });

  it('plans what forceUpdate will change, and says that a stored case stays the test that it is', async () => {
    const text = readFileSync(join(ingestion.recipesDir, 'quality.yaml'), 'utf8')
      .replace('  config:\n    testCases:', '  config:\n    forceUpdate: true\n    testCases:')
      .replace("value: '1'", "value: '4321'")
      .replace('WHERE shipped_at < ordered_at', 'WHERE shipped_at > 4321');
    writeFileSync(join(ingestion.recipesDir, 'forced.yaml'), text);
    const { stdout } = await cli('plan', 'forced.yaml');
    expect(stdout).to.include('shipped_at > 4321').and.not.include('shipped_at < ordered_at');
    const other = readFileSync(join(ingestion.recipesDir, 'quality.yaml'), 'utf8')
      .replace('  config:\n    testCases:', '  config:\n    forceUpdate: true\n    testCases:')
      .replace('testDefinitionName: columnValuesToBeUnique', 'testDefinitionName: columnValuesToBeNotNull');
    writeFileSync(join(ingestion.recipesDir, 'other.yaml'), other);
    const run = await cli('run', 'other.yaml', '--only', 'order_id_is_unique', 'misspelt');
    expect(run.stdout)
      .to.match(/order_id_is_unique is a columnValuesToBeUnique in OpenMetadata, not a columnValuesToBeNotNull/)
      .and.include('no test of the suite is meant by misspelt');
  });

  it('runs a logical suite, and checks it', async () => {
    const url = `${ingestion.catalog.hostPort}/v1/dataQuality`;
    const put = async (path: string, body: object): Promise<{ id: string }> =>
      (await (
        await fetch(url + path, {
          method: 'PUT',
          headers: { authorization: `Bearer ${ingestion.catalog.token}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json()) as { id: string };
    const suite = await put('/testSuites', { name: 'chosen' });
    const chosen = (await cases()).filter(({ name }) => ['orders_are_there', 'order_id_is_unique'].includes(name));
    await put('/testCases/logicalTestCases', { testSuiteId: suite.id, testCaseIds: chosen.map(({ id }) => id) });
    const text = readFileSync(join(ingestion.recipesDir, 'documented.yaml'), 'utf8')
      .replace('serviceName: quickstart_shop', 'serviceName: chosen')
      .replace(/ +entityFullyQualifiedName: .*\n/, '');
    writeFileSync(join(ingestion.recipesDir, 'logical.yaml'), text);
    const { code, stdout, stderr } = await cli('run', 'logical.yaml');
    expect(code, stdout + stderr).to.equal(0);
    expect(stdout).to.include('Tests: 2 passed, 0 failed, 0 aborted');
    const checked = await cli('check', 'logical.yaml');
    expect(checked.stdout, checked.stderr)
      .to.include('the logical suite chosen is there')
      .and.include('what its 2 tests ask of it can be read');
  });

  it('check names the comparisons that a run can make, and those that it can not', async () => {
    const put = (name: string, table2: string): Promise<unknown> =>
      om.tests.putCase({
        name,
        testDefinition: 'tableDiff',
        entityLink: `<#E::table::${TABLE}>`,
        parameterValues: [{ name: 'table2', value: table2 }],
      });
    await put('same_as_itself', TABLE);
    await put('same_as_nothing', 'quickstart_shop.shop.main.gone');
    const { stdout } = await cli('check', 'documented.yaml');
    expect(stdout)
      .to.match(/tableDiff same_as_itself.*can be compared with/)
      .and.match(/tableDiff same_as_nothing.*will be Aborted.*gone, which OpenMetadata does not have/);
    const suite = await om.tests.suite(`${TABLE}.testSuite`);
    for await (const page of om.tests.cases(suite?.id ?? ''))
      for (const { id, name } of page)
        if (name.startsWith('same_as_'))
          await fetch(`${ingestion.catalog.hostPort}/v1/dataQuality/testCases/${id}?hardDelete=true`, {
            method: 'DELETE',
            headers: { authorization: `Bearer ${ingestion.catalog.token}` },
          });
  });

  it('takes an Aborted test for a failure of the test runner, whose share decides', async () => {
    await om.tests.putCase({
      name: 'column_is_gone',
      testDefinition: 'columnValuesToBeNotNull',
      entityLink: `<#E::table::${TABLE}::columns::gone>`,
    });
    const { code, stdout } = await cli('run', 'documented.yaml');
    expect(code, stdout).to.equal(2);
    expect(stdout).to.include('Tests: 5 passed, 1 failed, 1 aborted').and.include('the column gone is not');
    expect((await statuses())['column_is_gone']).to.equal('Aborted');
  });
});
