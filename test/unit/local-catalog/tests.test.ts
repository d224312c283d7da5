import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, names } from './catalog-under-test.js';

const TABLE = 'shop.main.sales.orders';
const T1 = 1_764_000_000_000;
const CASES = '/dataQuality/testCases';

function testCase(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    testDefinition: 'tableRowCountToEqual',
    entityLink: `<#E::table::${TABLE}>`,
    parameterValues: [{ name: 'value', value: '3' }],
    ...more,
  };
}

function result(testCaseStatus: string, timestamp = T1, more: JsonObject = {}): JsonObject {
  return { timestamp, testCaseStatus, result: 'found', testResultValue: [{ name: 'rowCount', value: '3' }], ...more };
}

describe('local catalog: data quality', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('orders');
  });
  afterEach(() => server.close());

  const post = (fqn: string, body: JsonObject): ReturnType<CatalogUnderTest['call']> =>
    server.call('POST', `${CASES}/testCaseResults/${encodeURIComponent(fqn)}`, body);

  it('has the built-in test definitions from the start, with their parameters and types', async () => {
    const list = await server.ok('GET', '/dataQuality/testDefinitions?limit=100');
    expect(names(list)).to.have.length(27);
    const between = await server.ok('GET', '/dataQuality/testDefinitions/name/columnValuesToBeBetween');
    expect(between.at('parameterDefinition', 0, 'validationRule', 'parameterField')).to.equal('maxValue');
    expect(between.at('enabled')).to.equal(true);
  });

  it('names the suite of a table after it, shows it on the table, and makes it once', async () => {
    const body = { name: `${TABLE}.testSuite`, basicEntityReference: TABLE };
    const first = await server.ok('PUT', '/dataQuality/testSuites/executable', body);
    expect([first.at('name'), first.at('fullyQualifiedName'), first.at('basic')]).to.deep.equal([
      `${TABLE}.testSuite`,
      `${TABLE}.testSuite`,
      true,
    ]);
    const again = await server.ok('PUT', '/dataQuality/testSuites/basic', body);
    expect([again.status, again.at('id')]).to.deep.equal([200, first.at('id')]);
    const table = await server.ok('GET', `/tables/name/${TABLE}?fields=testSuite`);
    expect(table.at('testSuite', 'id')).to.equal(first.at('id'));
    await server.withTables('orders');
    expect((await server.ok('GET', `/tables/name/${TABLE}?fields=testSuite`)).at('testSuite', 'id')).to.equal(
      first.at('id')
    );
    expect((await server.refused('PUT', '/dataQuality/testSuites/basic', { name: 'x' }))[0]).to.equal(400);
  });

  it('puts a case of a column below the column, and lists the cases of a suite in pages', async () => {
    const link = `<#E::table::${TABLE}::columns::name>`;
    const onColumn = testCase('named', {
      testDefinition: 'columnValuesToBeNotNull',
      entityLink: link,
      parameterValues: [],
    });
    const made = await server.ok('PUT', CASES, onColumn);
    expect(made.at('fullyQualifiedName')).to.equal(`${TABLE}.name.named`);
    expect(made.at('entityFQN')).to.equal(`${TABLE}.name`);
    await server.ok('POST', `${CASES}/createMany`, [testCase('a.b'), testCase('c')]);
    expect((await server.entity('dataQuality/testCases', `${TABLE}."a.b"`)).at('entityFQN')).to.equal(TABLE);
    const suite = made.textAt('testSuite', 'id');
    const page = await server.ok('GET', `${CASES}?testSuiteId=${suite}&limit=2&fields=testSuite`);
    const rest = await server.ok(
      'GET',
      `${CASES}?testSuiteId=${suite}&limit=2&after=${page.textAt('paging', 'after')}`
    );
    expect([...names(page), ...names(rest)]).to.deep.equal(['a.b', 'c', 'named']);
  });

  it('creates many cases as a whole or not at all', async () => {
    await server.ok('PUT', CASES, testCase('a'));
    expect((await server.call('POST', `${CASES}/createMany`, [testCase('b'), testCase('a')])).status).to.equal(409);
    expect((await server.call('GET', `${CASES}/name/${TABLE}.b`)).status).to.equal(404);
  });

  it('refuses unknown definitions and tables, and a missing required parameter', async () => {
    expect((await server.refused('PUT', CASES, testCase('a', { testDefinition: 'nope' })))[0]).to.equal(404);
    expect(
      (await server.refused('PUT', CASES, testCase('a', { entityLink: '<#E::table::shop.main.sales.no>' })))[0]
    ).to.equal(404);
    const [status, message] = await server.refused('PUT', CASES, testCase('a', { parameterValues: [] }));
    expect([status, message]).to.deep.equal([400, 'Required parameter value is not passed in parameterValues']);
    expect((await server.refused('PUT', CASES, testCase('a', { entityLink: 'orders' })))[0]).to.equal(400);
  });

  it('keeps one result of a case and time: the second is 409, also when it is equal', async () => {
    await server.ok('PUT', CASES, testCase('a'));
    const fqn = `${TABLE}.a`;
    expect((await post(fqn, result('Success'))).status).to.equal(201);
    expect((await post(fqn, result('Success'))).status).to.equal(409);
    expect((await post(fqn, result('Failed', 1_764_000_000))).status, 'seconds').to.equal(400);
    await post(fqn, result('Failed', T1 - 1000));
    const stored = await server.entity('dataQuality/testCases', fqn);
    expect([stored.at('testCaseStatus'), stored.at('version')], 'an older result is no news').to.deep.equal([
      'Success',
      0.1,
    ]);
    const listed = await server.ok('GET', `${CASES}/testCaseResults/${fqn}?startTs=0&endTs=${T1}`);
    expect([listed.at('data', 0, 'timestamp'), listed.at('data', 1, 'timestamp')]).to.deep.equal([T1, T1 - 1000]);
    await server.ok('DELETE', `${CASES}/testCaseResults/${fqn}/${T1}`);
    expect((await server.entity('dataQuality/testCases', fqn)).at('testCaseStatus')).to.equal('Failed');
  });

  it('opens an incident for a failure and joins the open one; success resolves it where the case says so', async () => {
    const id = (await server.ok('PUT', CASES, testCase('a'))).textAt('id');
    const fqn = `${TABLE}.a`;
    const incident = async (): Promise<unknown> => (await server.entity('dataQuality/testCases', fqn)).at('incidentId');
    await post(fqn, result('Failed'));
    const first = await incident();
    expect(first).to.be.a('string');
    await post(fqn, result('Failed', T1 + 1));
    expect(await incident()).to.equal(first);
    await server.ok('PATCH', `${CASES}/${id}`, [{ op: 'add', path: '/autoCloseIncident', value: true }]);
    await post(fqn, result('Success', T1 + 2));
    await post(fqn, result('Failed', T1 + 3));
    expect(await incident()).to.not.equal(first);
  });

  it('takes failed rows for a failed case only, and drops them with the next success', async () => {
    const id = (await server.ok('PUT', CASES, testCase('a'))).textAt('id');
    const sample = { columns: ['id'], rows: Array.from({ length: 60 }, (_, row) => [row]) };
    const path = `${CASES}/${id}/failedRowsSample`;
    expect((await server.call('PUT', path, sample)).status).to.equal(400);
    await post(`${TABLE}.a`, result('Failed'));
    await server.ok('PUT', path, sample);
    expect((await server.ok('GET', path)).at('rows')).to.have.length(50);
    expect((await server.call('PUT', path, { columns: ['nope'], rows: [] })).status).to.equal(400);
    await server.ok('PUT', `${path}?validateColumns=false`, { columns: ['nope'], rows: [[null]] });
    const exact = '{"columns":["id"],"rows":[[9007199254740993],["9007199254740993"],[1.5]]}';
    await server.ok('PUT', `${path}?validateColumns=false`, exact);
    expect((await server.call('GET', path)).text).to.equal(exact);
    const text = { headers: { 'content-type': 'text/plain' } };
    await server.ok('PUT', `${CASES}/${id}/inspectionQuery`, 'SELECT 1', text);
    expect((await server.entity('dataQuality/testCases', `${TABLE}.a`)).at('inspectionQuery')).to.equal('SELECT 1');
    await post(`${TABLE}.a`, result('Success', T1 + 1));
    expect((await server.call('GET', path)).status).to.equal(404);
  });

  it('keeps results and suites through a PUT and a PATCH of the case', async () => {
    const id = (await server.ok('PUT', CASES, testCase('a'))).textAt('id');
    await post(`${TABLE}.a`, result('Failed'));
    await server.ok('PUT', CASES, testCase('a', { description: 'three' }));
    const operations = [{ op: 'replace', path: '/parameterValues', value: [{ name: 'value', value: '4' }] }];
    const patched = await server.ok('PATCH', `${CASES}/${id}`, operations);
    expect([patched.at('testCaseStatus'), patched.at('parameterValues', 0, 'value')]).to.deep.equal(['Failed', '4']);
    expect(patched.at('testSuites', 0, 'fullyQualifiedName')).to.equal(`${TABLE}.testSuite`);
  });

  it('gathers cases of several tables in a logical suite', async () => {
    await server.withTables('items');
    const ids = [
      (await server.ok('PUT', CASES, testCase('a'))).textAt('id'),
      (await server.ok('PUT', CASES, testCase('b', { entityLink: '<#E::table::shop.main.sales.items>' }))).textAt('id'),
    ];
    const suite = (await server.ok('PUT', '/dataQuality/testSuites', { name: 'nightly' })).textAt('id');
    await server.ok('PUT', `${CASES}/logicalTestCases`, { testSuiteId: suite, testCaseIds: ids });
    expect(names(await server.ok('GET', `${CASES}?testSuiteId=${suite}`))).to.deep.equal(['a', 'b']);
    await post(`${TABLE}.a`, result('Failed'));
    const latest = await server.ok('GET', `${CASES}/testCaseResults/search/list?testSuiteId=${suite}&latest=true`);
    expect(latest.at('data', 0, 'testCaseFQN')).to.equal(`${TABLE}.a`);
  });

  it("shows a table's tests with their results over time and the rows that failed, as text", async () => {
    const id = (await server.ok('PUT', CASES, testCase('a'))).textAt('id');
    await post(`${TABLE}.a`, result('Success'));
    await post(`${TABLE}.a`, result('Failed', T1 + 60_000, { result: 'found <b>3</b>' }));
    await server.ok('PUT', `${CASES}/${id}/failedRowsSample`, { columns: ['id'], rows: [['<script>']] });
    const page = await (await fetch(`${server.catalog.url}/table/${TABLE}`)).text();
    expect(page).to.match(/Failed 2025-11-24 \d\d:\d\d UTC[^]*Success 2025-11-24 \d\d:\d\d UTC/);
    expect(page).to.include('found &lt;b&gt;3&lt;/b&gt;').and.include('&lt;script&gt;').and.not.include('<script>');
  });

  it('keeps pipelines of a test suite below it', async () => {
    const made = await server.ok('PUT', '/dataQuality/testSuites/basic', { name: 'x', basicEntityReference: TABLE });
    const pipeline = await server.ok('PUT', '/services/ingestionPipelines', {
      name: 'daily',
      pipelineType: 'TestSuite',
      service: { id: made.textAt('id'), type: 'testSuite' },
      sourceConfig: { config: { type: 'TestSuite' } },
      airflowConfig: {},
    });
    expect(pipeline.at('fullyQualifiedName')).to.equal(`${TABLE}.testSuite.daily`);
  });
});
