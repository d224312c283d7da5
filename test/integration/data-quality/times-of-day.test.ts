import { expect } from 'chai';
import type { TableFacts } from '../../../src/data-quality/index.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

const TYPES: Readonly<Record<string, string>> = { SQLite: 'TEXT', 'the Snowflake emulator': 'TIME(9)' };
/** The first two are one when they lose their fraction. */
const TIMES = ['01:47:25.123456', '01:47:25.5', '10:00:00', '23:59:59.999999'];
const FACTS: TableFacts = {
  fqn: 'shop.default.main.shifts',
  columns: [
    { name: 'begin', dataType: 'TIME', tags: [] },
    { name: 'who', dataType: 'VARCHAR', tags: [] },
  ],
};

/** MySQL writes as many digits as the column has. */
function shortened(value: unknown): string {
  return String(value).replace(/\.?0+$/, (zeros, _at, text: string) => (text.includes('.') ? '' : zeros));
}

for (const kind of Object.values(ENGINES)) {
  describe(`Times of day in tests on ${kind.name}`, () => {
    let engine: Engine;
    let path: string;

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      path = dialect.tablePath(engine.ref('shifts'));
      const begin = `${dialect.quote('begin')} ${TYPES[kind.name] ?? 'TIME(6)'}`;
      await engine.run(`CREATE TABLE ${path} (${begin}, ${dialect.quote('who')} VARCHAR(9))`);
      for (const time of TIMES) await engine.run(`INSERT INTO ${path} VALUES ('${time}', NULL)`);
    });
    after(() => engine?.stop());

    it('have all their digits in failed rows, in those of a custom query too', async () => {
      const cases = [
        makeCase('columnValuesToBeNotNull', 'filled', { column: 'who' }),
        makeCase('tableCustomSQLQuery', 'own', {
          parameterValues: [{ name: 'sqlExpression', value: `SELECT * FROM ${path}` }],
        }),
      ];
      const found = await runCases(engine, { table: engine.ref('shifts'), isView: false }, FACTS, cases);
      for (const { failedRows } of found)
        expect(failedRows?.rows.map(([time]) => shortened(time)).sort()).to.deep.equal(TIMES);
    });

    it('stand beside dates as sample rows of the profiler have them', async () => {
      const { dialect } = engine.source;
      const table = dialect.tablePath(engine.ref('days'));
      const type = { MariaDB: 'DATETIME' }[kind.name] ?? 'TIMESTAMP';
      await engine.run(`CREATE TABLE ${table} (${dialect.quote('at')} ${type}, ${dialect.quote('who')} VARCHAR(9))`);
      await engine.run(`INSERT INTO ${table} VALUES ('2024-01-01 10:00:00', NULL)`);
      const facts: TableFacts = {
        fqn: 'shop.default.main.days',
        columns: [
          { name: 'at', dataType: 'TIMESTAMP', tags: [] },
          { name: 'who', dataType: 'VARCHAR', tags: [] },
        ],
      };
      const cases = [
        makeCase('columnValuesToBeNotNull', 'filled', { column: 'who' }),
        makeCase('tableCustomSQLQuery', 'own', {
          parameterValues: [{ name: 'sqlExpression', value: `SELECT * FROM ${table}` }],
        }),
      ];
      const found = await runCases(engine, { table: engine.ref('days'), isView: false }, facts, cases);
      for (const { failedRows } of found) expect(failedRows?.rows[0]?.[0]).to.match(/^2024-01-01T10:00:00(\.0+)?Z?$/);
    });

    it('that differ by a fraction are two values of a dimension, and no others', async () => {
      const dimensioned = { column: 'who', dimensionColumns: ['begin'], topDimensions: 3 };
      const cases = [
        makeCase('columnValuesToBeNotNull', 'filled', dimensioned),
        makeCase('columnValuesToBeUnique', 'unique', { ...dimensioned, topDimensions: 9 }),
      ];
      const found = await runCases(engine, { table: engine.ref('shifts'), isView: false }, FACTS, cases);
      const [filled = [], unique = []] = found.map(({ dimensions = [] }) =>
        dimensions.map(({ dimensionKey, failedRows }) => [
          shortened(dimensionKey.replace('begin=', '')),
          failedRows ?? 0,
        ])
      );
      expect(filled).to.deep.equal([...TIMES.slice(0, 3).map((time) => [time, 1]), ['Others', 1]]);
      expect(unique.map(([time]) => time)).to.have.members(TIMES);
    });
  });
}
