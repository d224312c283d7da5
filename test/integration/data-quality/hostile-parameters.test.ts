import { expect } from 'chai';
import { toResult, type FoundCase, type TableFacts, type TestCase } from '../../../src/data-quality/index.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

/** What somebody would write who wants more than a test; each is also a value of the table. */
const TEXTS = [
  `it's "quoted" \`here\``,
  `'); DROP TABLE canary; --`,
  `' OR '1'='1`,
  `\\'; DROP TABLE canary; --`,
  `ends in \\`,
  `%_*.+?^$|()[]{}`,
  `{{ table_name }} \${x} %s ? :1 $$`,
  `/*! DROP TABLE canary */ -- #`,
  `😀\n\t\u2028 \u0001`,
];
const FACTS: TableFacts = {
  fqn: 'shop.default.main.hostile',
  columns: [
    { name: 'id', dataType: 'INT', tags: [] },
    { name: `a "b" \`c\`; --`, dataType: 'VARCHAR', tags: [] },
  ],
};
const COLUMN = `a "b" \`c\`; --`;

for (const kind of Object.values(ENGINES)) {
  describe(`hostile parameters on ${kind.name}`, () => {
    let engine: Engine;
    let path: (table: string) => string;

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      path = (table) => dialect.tablePath(engine.ref(table));
      await engine.run(
        `CREATE TABLE ${path('hostile')} (${dialect.quote('id')} INTEGER, ${dialect.quote(COLUMN)} VARCHAR(200))`
      );
      await engine.run(`CREATE TABLE ${path('canary')} (n INTEGER)`);
      await engine.run(`INSERT INTO ${path('canary')} VALUES (1)`);
      for (const [id, text] of TEXTS.entries())
        await engine.run(`INSERT INTO ${path('hostile')} VALUES (${id}, ${dialect.literal(text)})`);
    });
    // Every test is one that could have done harm.
    afterEach(async () => {
      expect(Number(await engine.scalar(`SELECT COUNT(*) FROM ${path('canary')}`))).to.equal(1);
      expect(Number(await engine.scalar(`SELECT COUNT(*) FROM ${path('hostile')}`))).to.equal(TEXTS.length);
    });
    after(() => engine?.stop());

    const results = async (cases: readonly TestCase[], facts = FACTS): Promise<string[]> =>
      (await runCases(engine, { table: engine.ref('hostile'), isView: false }, facts, cases)).map(shown);
    const given = (definition: string, parameters: Record<string, string>, more: Partial<TestCase> = {}): TestCase =>
      makeCase(definition, definition, {
        parameterValues: Object.entries(parameters).map(([name, value]) => ({ name, value })),
        ...more,
      });
    const ofColumn = (definition: string, parameters: Record<string, string>): TestCase =>
      given(definition, parameters, { column: COLUMN });

    it('are values of a set, each found where it is', async () => {
      const cases = TEXTS.map((text) =>
        ofColumn('columnValuesToBeNotInSet', { forbiddenValues: JSON.stringify([text]) })
      );
      expect(await results(cases)).to.deep.equal(TEXTS.map(() => 'Failed: Found countInSet=1. It should be 0.'));
      const all = { allowedValues: JSON.stringify(TEXTS), matchEnum: 'true' };
      expect(await results([ofColumn('columnValuesToBeInSet', all)])).to.deep.equal([
        `Success: Found countInSet=${TEXTS.length}.`,
      ]);
    });

    it('leave failed rows under the names that OpenMetadata has for the columns', async () => {
      const [, text = ''] = TEXTS;
      const [found] = await runCases(engine, { table: engine.ref('hostile'), isView: false }, FACTS, [
        ofColumn('columnValuesToBeNotInSet', { forbiddenValues: JSON.stringify([text]) }),
      ]);
      expect(found?.failedRows?.columns).to.deep.equal(['id', 'a __reserved__quote__b__reserved__quote__ `c`; --']);
      expect(found?.failedRows?.rows.map(([, cell]) => cell)).to.deep.equal([text]);
    });

    it('may be ten thousand', async () => {
      const many = JSON.stringify([...Array.from({ length: 9_991 }, (_, n) => `'); --${n}`), ...TEXTS]);
      const inSet = ofColumn('columnValuesToBeNotInSet', { forbiddenValues: many });
      expect(await results([{ ...inSet, computePassedFailedRowCount: false }])).to.deep.equal([
        `Failed: Found countInSet=${TEXTS.length}. It should be 0.`,
      ]);
    });

    it('are regular expressions, or no valid ones, and nothing else', async () => {
      const cases = [...TEXTS, '(', '[', '.*'].map((regex) => ofColumn('columnValuesToMatchRegex', { regex }));
      for (const result of await results(cases)) expect(result).to.match(/^(Success|Failed: Found|Aborted: Error)/);
      const quoted = ofColumn('columnValuesToNotMatchRegex', { forbiddenRegex: `[^']*'[)]; DROP TABLE canary; --` });
      const [found] = await results([quoted]);
      expect(found).to.match(/^Failed: Found [12] value/);
    });

    it('are text, not SQL, in a rule of the library, bare, in quotes and after a backslash', async () => {
      const rule = async (template: string, most: string): Promise<string> => {
        const cases = [given('tableRuleLibrarySqlExpressionValidator', { most })];
        const rows = { table: engine.ref('hostile'), isView: false };
        return shown((await runCases(engine, rows, FACTS, cases, { template }))[0]);
      };
      const column = engine.source.dialect.quote(COLUMN);
      for (const text of TEXTS.slice(0, 5)) {
        const bare = await rule(`SELECT COUNT(*) FROM {{ table_name }} WHERE ${column} = {{ most }}`, text);
        expect(bare, text).to.match(/^Failed: .* has 1 rows/);
        const inText = await rule(`SELECT COUNT(*) FROM {{ table_name }} WHERE ${column} = '{{ most }}'`, text);
        expect(inText, text).to.match(/^Failed: .* has 1 rows/);
      }
      // Where a backslash is an ordinary character, the text ends after it, and the value is bare.
      const backslash = engine.source.dialect.backslashIn === '' ? '\\' : '\\\\';
      const behind = `SELECT COUNT(*) FROM {{ table_name }} WHERE ${column} = '${backslash}' OR ${column} = {{ most }}`;
      expect(await rule(behind, `' OR 1=1 --`)).to.match(/^Success: .* has 0 rows/);
    });

    it('are no second statement of a query, nor a write', async () => {
      const canary = path('canary');
      const refused = [
        `SELECT 1; DROP TABLE ${canary}`,
        `SELECT 1 WHERE 'a' = 'b\\'; DROP TABLE ${canary}; --'`,
        `WITH x AS (SELECT 1) DELETE FROM ${canary}`,
        `DELETE FROM ${canary}`,
      ].map((sqlExpression) => given('tableCustomSQLQuery', { sqlExpression }));
      // The second is one statement with a long text where a backslash is an escape.
      for (const result of await results(refused)) expect(result).to.match(/^(Aborted|Success|Failed: Found)/);
      const conditions = ['1=1) OR (1=1', `1=1); DROP TABLE ${canary}; --`, `1=1; DROP TABLE ${canary}`];
      const partitions = conditions.map((partitionExpression) =>
        given('tableCustomSQLQuery', { sqlExpression: 'SELECT 1', partitionExpression })
      );
      const [leaving, ...second] = await results(partitions);
      expect(leaving).to.include('parameter partitionExpression has brackets that do not belong together');
      for (const each of second) expect(each).to.include('parameter partitionExpression holds more than one statement');
    });

    it('are a query with a text that ends in a backslash', async () => {
      const { dialect } = engine.source;
      const sqlExpression = `SELECT * FROM ${path('hostile')} WHERE ${dialect.quote(COLUMN)} = ${dialect.literal('ends in \\')}`;
      expect(await results([given('tableCustomSQLQuery', { sqlExpression })])).to.deep.equal([
        'Failed: Found 1 row(s). Test query is expected to return <= 0 row(s).',
      ]);
    });
  });
}

function shown(found: FoundCase | undefined): string {
  if (found === undefined) return 'it was not run';
  const { testCaseStatus, result } = toResult(found.outcome, 0);
  return `${testCaseStatus}: ${result}`;
}
