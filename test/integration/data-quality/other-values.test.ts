import { expect } from 'chai';
import type { TableFacts } from '../../../src/data-quality/index.js';
import { ENGINES, type Engine } from './engines.js';
import { makeCase, runCases } from './run-cases.js';

/** OpenMetadata's type, the engine's, and three values as SQL. */
type Type = readonly [dataType: string, type: string, values: readonly [string, string, string]];

const LONG = 'x'.repeat(3000);
const COMMON: readonly Type[] = [
  ['INT', 'INT', ['1', '2', '-3']],
  ['DECIMAL', 'DECIMAL(20, 4)', ['12345678901234.5678', '0.1', '-0.0001']],
  ['VARCHAR', 'VARCHAR(4000)', [`'${LONG}1'`, `'${LONG}2'`, "'it''s'"]],
  ['DATE', 'DATE', ["'2024-02-29'", "'1969-12-31'", "'0999-01-01'"]],
];
const TYPES: Readonly<Record<string, readonly Type[]>> = {
  SQLite: [
    COMMON[0] as Type,
    COMMON[2] as Type,
    ['DOUBLE', 'REAL', ['0.1', '1e300', '2.5']],
    ['BLOB', 'BLOB', ["x'00ff'", "x''", "x'61'"]],
  ],
  MariaDB: [
    ...COMMON,
    ['FLOAT', 'FLOAT', ['1.1', '3.3333333', '1e30']],
    ['DOUBLE', 'DOUBLE', ['0.1', '1e300', '0.30000000000000004']],
    ['DATETIME', 'DATETIME(6)', ["'2024-01-01 10:00:00.123456'", "'1969-01-01 00:00:00'", "'2024-01-01 10:00:00.5'"]],
    ['TIMESTAMP', 'TIMESTAMP(3)', ["'2024-01-01 10:00:00.123'", "'1971-01-01 00:00:01'", "'2024-01-01 10:00:00.5'"]],
    ['TIME', 'TIME(6)', ["'-12:00:00.5'", "'100:00:00'", "'00:00:00.000001'"]],
    ['YEAR', 'YEAR', ['2024', '1999', '2001']],
    ['BIT', 'BIT(9)', ["b'1'", "b'100000001'", "b'0'"]],
    ['VARBINARY', 'VARBINARY(99)', ["x'00ff'", "x''", "x'61'"]],
    ['BLOB', 'BLOB', [`REPEAT(x'ff', 200)`, `REPEAT(x'fe', 200)`, "x'61'"]],
    ['ENUM', "ENUM('a', 'b', 'c')", ["'a'", "'b'", "'c'"]],
    ['SET', "SET('a', 'b')", ["'a'", "'a,b'", "''"]],
    ['JSON', 'JSON', ['\'{"a": 1}\'', "'[]'", "'null'"]],
    [
      'UUID',
      'UUID',
      [
        "'00000000-0000-0000-0000-000000000003'",
        "'00000000-0000-0000-0000-000000000001'",
        "'00000000-0000-0000-0000-000000000002'",
      ],
    ],
  ],
  PostgreSQL: [
    ...COMMON,
    ['FLOAT', 'REAL', ['1.1', '3.3333333', "'NaN'"]],
    ['DOUBLE', 'DOUBLE PRECISION', ['0.1', '1e300', "'Infinity'"]],
    ['TIMESTAMP', 'TIMESTAMP', ["'2024-01-01 10:00:00.123456'", "'1969-01-01 00:00:00'", "'infinity'"]],
    ['TIMESTAMPZ', 'TIMESTAMPTZ', ["'2024-01-01 10:00:00.123456+02'", "'1969-01-01 00:00:00Z'", "'2024-01-01Z'"]],
    ['TIME', 'TIME', ["'01:47:25.123456'", "'00:00:00'", "'24:00:00'"]],
    ['INTERVAL', 'INTERVAL', ["'1 day 2 hours'", "'1 month'", "'-0.5 seconds'"]],
    ['BOOLEAN', 'BOOLEAN', ['true', 'false', 'false']],
    ['BYTEA', 'BYTEA', ["'\\x00ff'", "''", "'\\x61'"]],
    [
      'UUID',
      'UUID',
      [
        "'00000000-0000-0000-0000-000000000001'",
        "'00000000-0000-0000-0000-000000000002'",
        "'00000000-0000-0000-0000-000000000003'",
      ],
    ],
    ['JSON', 'JSONB', ['\'{"a": 1}\'', "'[]'", "'null'"]],
    ['ARRAY', 'INT[]', ["'{1,2}'", "'{}'", "'{3}'"]],
    ['MONEY', 'MONEY', ["'12.34'", "'-1'", "'0'"]],
    ['INET', 'INET', ["'10.0.0.1'", "'::1'", "'10.0.0.0/8'"]],
  ],
  'the Snowflake emulator': [
    ...COMMON,
    ['DOUBLE', 'FLOAT', ['0.1', '1e300', '0.30000000000000004']],
    [
      'TIMESTAMP',
      'TIMESTAMP_NTZ',
      ["'2024-01-01 10:00:00.123456'", "'1969-01-01 00:00:00'", "'2024-01-01 10:00:00.5'"],
    ],
    [
      'TIMESTAMPZ',
      'TIMESTAMP_TZ',
      ["'2024-01-01 10:00:00.123456+00:00'", "'1969-01-01 00:00:00+00:00'", "'2024-01-01 10:00:00.5+00:00'"],
    ],
    ['TIME', 'TIME(9)', ["'01:47:25.123456'", "'00:00:00'", "'10:00:00.5'"]],
    ['BOOLEAN', 'BOOLEAN', ['true', 'false', 'false']],
    ['BINARY', 'BINARY', ["X'00ff'", "X'61'", "X'62'"]],
  ],
};
/** How often each of the three values is there, and NULL. */
const ROWS = [3, 2, 1, 1] as const;

for (const kind of Object.values(ENGINES)) {
  describe(`The other values of a dimension on ${kind.name}`, () => {
    let engine: Engine;
    const types = TYPES[kind.name] ?? [];
    const facts: TableFacts = {
      fqn: 'shop.default.main.kinds',
      columns: [
        { name: 'who', dataType: 'VARCHAR', tags: [] },
        ...types.map(([dataType], at) => ({ name: `c${at}`, dataType, tags: [] })),
      ],
    };

    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      const path = dialect.tablePath(engine.ref('kinds'));
      const columns = types.map(([, type], at) => `${dialect.quote(`c${at}`)} ${type}`);
      await engine.run(`CREATE TABLE ${path} (${[`${dialect.quote('who')} VARCHAR(9)`, ...columns].join(', ')})`);
      for (const [at, times] of ROWS.entries())
        for (let row = 0; row < times; row += 1)
          await engine.run(
            `INSERT INTO ${path} SELECT ${['NULL', ...types.map(([, , values]) => values[at] ?? 'NULL')].join(', ')}`
          );
    });
    after(() => engine?.stop());

    for (const [at, [dataType, type]] of types.entries()) {
      it(`are those that are not shown: ${dataType} (${type})`, async () => {
        const dimensioned = { column: 'who', dimensionColumns: [`c${at}`], topDimensions: 1 };
        const cases = [makeCase('columnValuesToBeNotNull', 'filled', dimensioned)];
        const [found] = await runCases(engine, { table: engine.ref('kinds'), isView: false }, facts, cases);
        const rows = (found?.dimensions ?? []).map(({ dimensionKey, failedRows }) => [dimensionKey, failedRows]);
        expect(rows.map(([, failed]) => failed)).to.deep.equal([3, 4]);
        expect(String(rows[1]?.[0])).to.equal(`c${at}=Others`);
      });
    }
  });
}
