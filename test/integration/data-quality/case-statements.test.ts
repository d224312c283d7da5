import { expect } from 'chai';
import {
  checkTests,
  planStatements,
  type CheckedTests,
  type FoundCase,
  type TableFacts,
  type TestCase,
} from '../../../src/data-quality/index.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import { tableUnderTestRecord, testCaseRecord, testDefinitionRecord } from '../../../src/openmetadata/index.js';
import { counting, ENGINES, openMeasures, type Engine } from './engines.js';
import { makeCase, NOW, runCases } from './run-cases.js';

const FQN = 'shop.default.main.items';
const FACTS: TableFacts = {
  fqn: FQN,
  columns: [
    { name: 'kind', dataType: 'VARCHAR', tags: [] },
    { name: 'qty', dataType: 'INT', tags: [] },
  ],
};
const ROWS = ["('a', 1)", "('a', 1)", "('a', 2)", "('a', 7)", "('b', 1)", "('b', 2)", '(NULL, 5)', "('a', NULL)"];

const given = (
  name: string,
  definition: string,
  parameters: Record<string, string>,
  more: Partial<TestCase> = {}
): TestCase =>
  makeCase(definition, name, {
    parameterValues: Object.entries(parameters).map(([key, value]) => ({ name: key, value })),
    ...more,
  });
const byKind = { column: 'qty', dimensionColumns: ['kind'], topDimensions: 2 };
const unique = given('unique', 'columnValuesToBeUnique', {}, byKind);
const median = given(
  'median',
  'columnValueMedianToBeBetween',
  { minValueForMedianInCol: '1', maxValueForMedianInCol: '1.5' },
  byKind
);

/** Sessions of plans and checks: that of SQLite is a process of its own. */
const opened: ReturnType<Engine['source']['session']>[] = [];

for (const kind of Object.values(ENGINES)) {
  describe(`Tests of one table on ${kind.name}`, () => {
    let engine: Engine;
    let path: string;

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      path = dialect.tablePath(engine.ref('items'));
      await engine.run(`CREATE TABLE ${path} (${dialect.quote('kind')} VARCHAR(9), ${dialect.quote('qty')} INTEGER)`);
      await engine.run(`INSERT INTO ${path} VALUES ${ROWS.join(', ')}`);
    });
    after(async () => {
      for (const session of opened.splice(0)) await (await session).close();
      await engine?.stop();
    });

    const run = async (cases: readonly TestCase[], onSql?: (sql: string) => void): Promise<FoundCase[]> =>
      runCases(engine, { table: engine.ref('items'), isView: false }, FACTS, cases, {
        ...(onSql === undefined ? {} : { onSql }),
      });

    it('that count values one by one are told by dimension too', async () => {
      const [ofUnique, ofMedian] = await run([unique, median]);
      const told = (found: FoundCase | undefined): unknown =>
        found?.dimensions?.map(({ dimensionKey, testCaseStatus, result }) => [
          dimensionKey,
          testCaseStatus,
          result.replace(/^Dimension \S+ /, ''),
        ]);
      expect(told(ofUnique)).to.deep.equal([
        ['kind=a', 'Failed', 'Found valuesCount=4 vs. uniqueCount=2.'],
        ['kind=b', 'Success', 'Found valuesCount=2 vs. uniqueCount=2.'],
        ['kind=Others', 'Success', 'Found valuesCount=1 vs. uniqueCount=1.'],
      ]);
      expect(told(ofMedian)).to.deep.equal([
        ['kind=a', 'Success', 'Found median=1.5 vs. the expected minBound=1, maxBound=1.5.'],
        ['kind=b', 'Success', 'Found median=1.5 vs. the expected minBound=1, maxBound=1.5.'],
        ['kind=Others', 'Failed', 'Found median=5 vs. the expected minBound=1, maxBound=1.5.'],
      ]);
    });

    it('are planned with the statements that a run sends', async () => {
      const { dialect } = engine.source;
      const count = given('counted', 'tableCustomSQLQuery', {
        sqlExpression: `SELECT COUNT(*) FROM ${path}`,
        strategy: 'COUNT',
      });
      const cases = [
        { ...unique, topDimensions: 9 },
        { ...median, topDimensions: 9 },
        given('filled', 'columnValuesToBeNotNull', {}, { column: 'qty' }),
        given('rows', 'tableRowCountToEqual', { value: '8' }),
        given('odd', 'tableCustomSQLQuery', {
          sqlExpression: `SELECT * FROM ${path} WHERE ${dialect.quote('qty')} > 1`,
          partitionExpression: `${dialect.quote('qty')} > 0`,
        }),
        count,
        given('writes', 'tableCustomSQLQuery', { sqlExpression: `DELETE FROM ${path}` }),
        given('two', 'tableCustomSQLQuery', { sqlExpression: 'SELECT 1; SELECT 2' }),
      ];
      const sent: string[] = [];
      const found = await run(cases, (sql) => sent.push(sql));
      const [planned] = await planStatements(planOf(engine, cases));
      expect(planned?.statements.map(({ sql }) => sql)).to.have.members(sent);
      const aborted = found.flatMap(({ testCase, outcome }) => (outcome.status === 'Aborted' ? [testCase.name] : []));
      expect(aborted).to.deep.equal(['writes', 'two']);
      expect(
        planned?.tests.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]))
      ).to.deep.equal([
        'writes: parameter sqlExpression is refused: DELETE is not a part of a statement that only reads.',
        'two: parameter sqlExpression holds more than one statement. Give one.',
      ]);
    });

    it('are checked without reading a row: those that the database would refuse are named', async () => {
      const columns = [...FACTS.columns, { name: 'lost', dataType: 'INT', tags: [] }];
      const cases = [
        given('rows', 'tableRowCountToEqual', { value: '8' }),
        given('filled', 'columnValuesToBeNotNull', {}, { column: 'qty' }),
        given('middle', 'columnValueMedianToBeBetween', { minValueForMedianInCol: '1' }, { column: 'lost' }),
        given('kept', 'columnValuesToBeUnique', {}, { column: 'lost' }),
        given('itself', 'tableDiff', { table2: 'shop.t', keyColumns: '["kind"]', useColumns: '["qty"]' }),
        given('gone', 'tableDiff', { table2: 'shop.t', keyColumns: '["kind"]', useColumns: '["lost"]' }),
      ];
      const [ofTable, itself, gone] = await checked(engine, cases, columns);
      expect(ofTable).to.deep.include({ tests: 4, aborted: ofTable?.aborted });
      expect(ofTable?.aborted.map(({ name }) => name)).to.deep.equal(['middle', 'kept']);
      for (const { name, reason } of ofTable?.aborted ?? [])
        expect(reason, name).to.contain(`Error computing ${name}: `).and.match(/lost/i);
      expect(itself).to.deep.include({ comparison: { name: 'itself', table2: 'shop.t' }, aborted: [] });
      expect(gone?.aborted[0]?.reason).to.match(/lost/i);
    });

    if (kind.name === 'MariaDB')
      it('are checked with the rights of the user of the connection, who may see one column only', async () => {
        await engine.run(`CREATE USER one IDENTIFIED BY 'one'; GRANT SELECT (kind) ON ${path} TO one`);
        const config = { ...(engine.connection.config as object), username: 'one', authType: { password: 'one' } };
        const { context } = counting();
        const source = await openMeasures('mysql', config, context);
        try {
          const cases = [
            given('rows', 'tableRowCountToEqual', { value: '8' }),
            given('kinds', 'columnValuesToBeNotNull', {}, { column: 'kind' }),
            given('filled', 'columnValuesToBeNotNull', {}, { column: 'qty' }),
          ];
          const [{ aborted = [] } = {}] = await checked({ ...engine, source, context }, cases);
          expect(aborted.map(({ name }) => name)).to.deep.equal(['filled']);
          expect(aborted[0]?.reason).to.match(/denied.*qty/);
        } finally {
          await source.close();
        }
      });
  });
}

async function checked(
  engine: Engine,
  cases: readonly TestCase[],
  columns: TableFacts['columns'] = FACTS.columns
): Promise<CheckedTests[]> {
  const found: CheckedTests[] = [];
  for await (const each of checkTests(planOf(engine, cases, columns))) found.push(each);
  return found;
}

/** A logical suite of these cases, as OpenMetadata would have it. */
function planOf(
  engine: Engine,
  cases: readonly TestCase[],
  columns: TableFacts['columns'] = FACTS.columns
): Parameters<typeof planStatements>[0] {
  const { database, schema, table } = engine.ref('items');
  const fqn = ['shop', database, schema, table].join('.');
  const page = async function* <T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
    yield rows;
  };
  const definitions = [...BUILT_IN_TESTS].map(([name, body]) => testDefinitionRecord.parse({ ...body, id: name }));
  const records = cases.map(({ id, name, column, definition, ...keys }) =>
    testCaseRecord.parse({
      ...keys,
      id,
      name,
      fullyQualifiedName: `${fqn}.${name}`,
      entityLink: `<#E::table::${fqn}${column === undefined ? '' : `::columns::${column}`}>`,
      testDefinition: { id: definition, type: 'testDefinition', name: definition },
    })
  );
  const client = {
    tests: {
      definitions: () => page(definitions),
      suite: async () => ({ id: 'suite' }),
      cases: () => page(records),
      table: async () =>
        tableUnderTestRecord.parse({
          id: 't',
          name: 'items',
          fullyQualifiedName: fqn,
          columns: columns.map(({ name, dataType }) => ({ name, dataType })),
          service: { id: 's', type: 'databaseService', name: 'shop' },
        }),
      storesSampleData: async () => true,
    },
  } as unknown as Parameters<typeof planStatements>[0]['client'];
  const session = engine.source.session(engine.context);
  opened.push(session);
  const service = async () => ({
    type: engine.connection.type,
    source: engine.source,
    session: () => session,
  });
  return {
    client,
    config: { type: 'TestSuite' },
    serviceName: 'suite',
    wanted: [],
    forceUpdate: false,
    services: { service },
    now: NOW,
    signal: engine.context.signal,
  };
}
