import { expect } from 'chai';
import { ConnectionLost, TransientError } from '../../../src/errors/index.js';
import { compileMeasures, Measuring, probeSql } from '../../../src/measures/index.js';
import {
  findSource,
  type MeasuredColumn,
  type MeasureSource,
  type RowSet,
  type Scalar,
} from '../../../src/sources/index.js';
import { hasMariadb, startMariadb, type TestMariadb } from '../../services/mariadb.js';
import { asksOf, expectMeasures } from './independent.js';

const NUMBERS: readonly [
  name: string,
  type: string,
  dataType: MeasuredColumn['dataType'],
  values: readonly (string | null)[],
][] = [
  ['small', 'TINYINT', 'TINYINT', ['-128', '127', '0', null, '5', '5']],
  ['whole', 'BIGINT', 'BIGINT', ['-9007199254740991', '9007199254740991', '1', '2', null, '2']],
  [
    'huge',
    'DECIMAL(65,10)',
    'DECIMAL',
    [
      '-1234567890123456789012345678901234567890.5',
      '9999999999999999999999999999999999999999.25',
      '0.1',
      '-0.3',
      null,
      '7',
    ],
  ],
  ['money', 'DECIMAL(12,2)', 'DECIMAL', ['-10.25', '-3.50', '2.75', '2.75', null, null]],
  ['real4', 'FLOAT', 'FLOAT', ['0.5', '-2.25', '102.25', '3', '3', null]],
  ['real8', 'DOUBLE', 'DOUBLE', ['1e150', '-1e149', '0.1', '0.2', '0.3', null]],
  ['bits', 'BIT(12)', 'BIT', ["b'101'", "b'111111111111'", "b'0'", "b'101'", null, null]],
  ['years', 'YEAR', 'YEAR', ['1999', '2024', '2024', '1901', null, '2155']],
  ['nothing', 'INT', 'INT', [null, null, null, null, null, null]],
];
const TEXTS: readonly [name: string, type: string, values: readonly (string | null)[]][] = [
  ['word', 'VARCHAR(50) COLLATE utf8mb4_bin', ['a', 'A', '🚀🚀', '', null, 'a']],
  [
    'long',
    'LONGTEXT COLLATE utf8mb4_bin',
    ['x'.repeat(3000), 'x'.repeat(3000) + 'y', 'x'.repeat(3000) + 'z', 'ü', 'ü', null],
  ],
  ['choice', "ENUM('red','green') COLLATE utf8mb4_bin", ['red', 'green', 'red', null, null, 'red']],
];

describe('measures of MariaDB', () => {
  let mariadb: TestMariadb;
  let source: MeasureSource;
  let measuring: Measuring;
  const controller = new AbortController();
  const context = {
    runTag: 'test',
    signal: controller.signal,
    onStatement: () => undefined,
    onWarning: () => undefined,
  };

  before(async function () {
    if (!hasMariadb()) this.skip();
    this.timeout(240_000);
    mariadb = await startMariadb();
    const config = { username: mariadb.user, authType: { password: mariadb.password }, hostPort: mariadb.hostPort };
    await mariadb.run('CREATE DATABASE shop CHARACTER SET utf8mb4');
    source = await (findSource('mysql').openMeasures?.(config, context, { statementTimeoutMs: 30_000 }) ??
      Promise.reject(new Error('none')));
    measuring = new Measuring(await source.session(context), { signal: controller.signal });
  });

  after(async () => {
    await source?.close();
    await mariadb?.stop();
  });

  const rowsOf = (table: string, more: Partial<RowSet> = {}): RowSet => ({
    table: { database: 'default', schema: 'shop', table },
    isView: false,
    ...more,
  });

  it('gives every number what plain arithmetic gives: negative, huge, fractions, bits and years', async () => {
    const columns = NUMBERS.map(([name, type]) => `\`${name}\` ${type}`);
    await mariadb.query(`CREATE TABLE shop.numbers (${columns.join(', ')})`);
    for (let row = 0; row < 6; row += 1)
      await mariadb.query(
        `INSERT INTO shop.numbers VALUES (${NUMBERS.map(([, , , values]) => values[row] ?? 'NULL').join(', ')})`
      );
    const asks = NUMBERS.flatMap(([name, , dataType]) => asksOf({ name, dataType }, 'value'));
    const compiled = compileMeasures(source.dialect, rowsOf('numbers'), asks);
    expect(compiled.statements).to.have.length(2);
    const { values, problems } = await measuring.take(compiled, probeSql(source.dialect, rowsOf('numbers')));
    expect([...problems]).to.deep.equal([]);
    for (const [name, , , given] of NUMBERS) {
      const amounts = given
        .filter((each) => each !== null)
        .map((each) => (each.startsWith('b') ? parseInt(each.slice(2), 2) : Number(each)));
      expectMeasures(values, name, { identities: amounts.map(String), amounts });
    }
  });

  it('knows all tables of a schema that is gone, which are none, and that names of two cases are two', async () => {
    await mariadb.run('CREATE DATABASE gone');
    await mariadb.run('DROP DATABASE gone');
    const facts = await source.facts({ database: 'default', schema: 'gone' });
    expect(facts.tables.size).to.equal(0);
    expect(facts).to.include({ areAll: true, exactNames: true });
  });

  it('gives every text the counts of its values and the lengths in bytes', async () => {
    await mariadb.query(`CREATE TABLE shop.texts (${TEXTS.map(([name, type]) => `\`${name}\` ${type}`).join(', ')})`);
    for (let row = 0; row < 6; row += 1) {
      const values = TEXTS.map(([, , given]) => (given[row] === null ? 'NULL' : `'${given[row]}'`));
      await mariadb.query(`INSERT INTO shop.texts VALUES (${values.join(', ')})`);
    }
    const asks = TEXTS.flatMap(([name]) => asksOf({ name, dataType: 'VARCHAR' }, 'length'));
    const { values, problems } = await measuring.take(
      compileMeasures(source.dialect, rowsOf('texts'), asks),
      probeSql(source.dialect, rowsOf('texts'))
    );
    expect([...problems]).to.deep.equal([]);
    for (const [name, , given] of TEXTS) {
      const identities = given.filter((each) => each !== null);
      expectMeasures(values, name, { identities, amounts: identities.map((each) => Buffer.byteLength(each)) });
    }
  });

  it('reads dates as ISO texts, zero dates as they are, and TIME in seconds', async () => {
    await mariadb.run(`SET SESSION sql_mode = '';
CREATE TABLE shop.times (d DATE, t DATETIME(6), s TIMESTAMP NULL, h TIME(3));
INSERT INTO shop.times VALUES ('0000-00-00', '2024-02-29 23:59:59.5', '2024-01-01 00:00:00', '-838:59:59'), ('2024-02-29', '1000-01-01 00:00:00', NULL, '00:00:01.250'), (NULL, NULL, NULL, NULL)`);
    const column = (name: string, dataType: MeasuredColumn['dataType']): MeasuredColumn => ({ name, dataType });
    const times = [column('d', 'DATE'), column('t', 'DATETIME'), column('s', 'TIMESTAMP'), column('h', 'TIME')];
    const asks = times.flatMap((each) =>
      (['min', 'max', 'distinct', 'unique'] as const).map((of) => ({
        key: `${each.name} ${of}`,
        measure: { of, column: each },
      }))
    );
    const { values } = await measuring.take(
      compileMeasures(source.dialect, rowsOf('times'), asks),
      probeSql(source.dialect, rowsOf('times'))
    );
    expect(Object.fromEntries(values)).to.deep.equal({
      ...{ 'd min': '0000-00-00', 'd max': '2024-02-29', 'd distinct': 2, 'd unique': 2 },
      ...{ 't min': '1000-01-01T00:00:00', 't max': '2024-02-29T23:59:59.5', 't distinct': 2, 't unique': 2 },
      ...{ 's min': '2024-01-01T00:00:00', 's max': '2024-01-01T00:00:00', 's distinct': 1, 's unique': 1 },
      ...{ 'h min': -3020399, 'h max': 1.25, 'h distinct': 2, 'h unique': 2 },
    });
  });

  it('reads rows whose columns have names that the driver keeps for objects', async () => {
    const list = ['__proto__', '__defineGetter__', 'constructor'];
    const { columns, rows } = await measuring.query(
      `SELECT ${list.map((name, at) => `${at} AS \`${name}\``).join(', ')}`,
      1
    );
    expect([columns, rows]).to.deep.equal([list, [[0, 1, 2]]]);
  });

  it('compares a YEAR with bounds as the number that it is', async () => {
    await mariadb.run(
      'CREATE TABLE shop.ages (y YEAR); INSERT INTO shop.ages VALUES (0), (0), (1901), (1950), (2024), (2155), (NULL)'
    );
    const column = { name: 'y', dataType: 'YEAR' } as const;
    const below = [0, 20.5, 53.214, 1901, 1901.5, 2024, 2100, 2155, 2155.5, 3000];
    const asks = [
      ...below.map((value) => ({ op: 'compare', column, is: '<', value }) as const),
      { op: 'in', column, values: [0, 1950] } as const,
      { op: 'in', column, values: ['1950', '2024'] } as const,
    ].map((condition, at) => ({ key: String(at), measure: { of: 'countWhere', condition } as const }));
    const { values } = await measuring.take(
      compileMeasures(source.dialect, rowsOf('ages'), asks),
      probeSql(source.dialect, rowsOf('ages'))
    );
    expect([...values.values()]).to.deep.equal([0, 2, 2, 2, 3, 4, 5, 5, 6, 6, 3, 2]);
  });

  it('has every digit of the least and the largest FLOAT', async () => {
    await mariadb.run(
      'CREATE TABLE shop.singles (f FLOAT); INSERT INTO shop.singles VALUES (2.98928), (-1.2345678), (0.1)'
    );
    const column = { name: 'f', dataType: 'FLOAT' } as const;
    const asks = (['min', 'max'] as const).map((of) => ({ key: of, measure: { of, column } }));
    const { values } = await measuring.take(
      compileMeasures(source.dialect, rowsOf('singles'), asks),
      probeSql(source.dialect, rowsOf('singles'))
    );
    expect(Object.fromEntries(values)).to.deep.equal({ min: Math.fround(-1.2345678), max: Math.fround(2.98928) });
  });

  it('measures 1,000 columns, as many as InnoDB has, in statements of at most 64 selects', async () => {
    const names = Array.from({ length: 1_000 }, (_, at) => `c${at}`);
    await mariadb.run(`CREATE TABLE shop.wide (${names.map((name) => `${name} INT`).join(', ')});
INSERT INTO shop.wide VALUES (${names.map((_, at) => at).join(', ')}), (${names.map(() => 'NULL').join(', ')})`);
    const asks = names.flatMap((name) => asksOf({ name, dataType: 'INT' }, 'value'));
    const compiled = compileMeasures(source.dialect, rowsOf('wide'), asks);
    const { values, problems } = await measuring.take(compiled, probeSql(source.dialect, rowsOf('wide')));
    expect([...problems]).to.deep.equal([]);
    for (const [at, name] of names.entries()) expectMeasures(values, name, { identities: [String(at)], amounts: [at] });
    expect(compiled.statements.length).to.be.at.most(20);
  }).timeout(60_000);

  it('takes the same rows in each statement of a sample', async () => {
    await mariadb.run(`USE shop; CREATE TABLE shop.many (id INT PRIMARY KEY, word VARCHAR(20), INDEX (word));
INSERT INTO shop.many SELECT seq, CONCAT('w', seq MOD 50000) FROM seq_1_to_20000`);
    const sample = { by: 'percentage', percent: 10, seed: 42 } as const;
    for (const rows of [
      rowsOf('many', { sample }),
      rowsOf('many', { sample: { by: 'rows', rows: 500, randomized: true, seed: 7 } }),
      rowsOf('many', { sample: { by: 'rows', rows: 500, randomized: false, seed: 7 } }),
      rowsOf('many', { sample, query: 'SELECT * FROM shop.many WHERE id <= 10000' }),
    ]) {
      const asks = [
        ...asksOf({ name: 'id', dataType: 'INT' }, 'value'),
        ...asksOf({ name: 'word', dataType: 'VARCHAR' }, 'length'),
      ];
      const { values } = await measuring.take(
        compileMeasures(source.dialect, rows, asks),
        probeSql(source.dialect, rows)
      );
      const count = Number(values.get('id values'));
      expect(count).to.be.within(400, 2_200);
      for (const key of ['id distinct', 'id unique', 'word distinct', 'word unique', 'word values'])
        expect(values.get(key), key).to.equal(count);
      // The rows are picked from all over, and the grouped statement saw the same ones.
      if (rows.sample?.by === 'percentage')
        expect(Number(values.get('id max')) - Number(values.get('id min'))).to.be.above(9_000);
      expect(Number(values.get('id p0.5'))).to.be.within(Number(values.get('id min')), Number(values.get('id max')));
    }
  });

  it('splits a statement that the engine refuses, and loses no other value', async () => {
    await mariadb.run('CREATE TABLE shop.bad (a INT, b INT); INSERT INTO shop.bad VALUES (1, 2), (3, 4)');
    let statements = 0;
    const counting = new Measuring(await source.session(context), {
      signal: controller.signal,
      beforeStatement: () => {
        statements += 1;
      },
    });
    const asks = [
      ...asksOf({ name: 'a', dataType: 'INT' }, 'value'),
      { key: 'broken', measure: { of: 'countWhere', condition: { op: 'sql', sql: 'EXP(b * 1000) > 1' } } } as const,
      {
        key: 'even',
        measure: {
          of: 'countWhere',
          condition: { op: 'in', column: { name: 'b', dataType: 'INT' }, values: [2, 4] as Scalar[] },
        },
      } as const,
    ];
    const broken = rowsOf('bad');
    const { values, problems } = await counting.take(
      compileMeasures(source.dialect, broken, asks),
      probeSql(source.dialect, broken)
    );
    expect([...problems.keys()]).to.deep.equal(['broken']);
    expect(values.get('even')).to.equal(2);
    expectMeasures(values, 'a', { identities: ['1', '3'], amounts: [1, 3] });
    expect(statements).to.be.at.most(10);
  });

  it('tries no more of a column that can not be read than the column', async () => {
    await mariadb.run('CREATE TABLE shop.lacking (a INT, b INT, c INT); INSERT INTO shop.lacking VALUES (1, 2, 3)');
    let statements = 0;
    const counting = new Measuring(await source.session(context), {
      signal: controller.signal,
      beforeStatement: () => {
        statements += 1;
      },
    });
    const asks = ['a', 'b', 'c'].flatMap((name) => asksOf({ name, dataType: 'INT' }, 'value'));
    const rows: RowSet = { ...rowsOf('lacking'), query: 'SELECT a FROM shop.lacking' };
    const { values, problems } = await counting.take(
      compileMeasures(source.dialect, rows, asks),
      probeSql(source.dialect, rows)
    );
    expectMeasures(values, 'a', { identities: ['1'], amounts: [1] });
    expect([...problems.keys()].sort()).to.deep.equal(
      asks
        .map(({ key }) => key)
        .filter((key) => !key.startsWith('a '))
        .sort()
    );
    expect(statements, `for ${asks.length} measures`).to.be.at.most(20);
  });

  it('tells a connection that was lost from a statement that was ended', async () => {
    const session = await source.session(context);
    const ended = async (what: 'QUERY' | 'CONNECTION'): Promise<unknown> => {
      const [[id] = []] = await session.rows('SELECT CONNECTION_ID()');
      const fault = session.rows('SELECT SLEEP(60), 1 FROM shop.numbers').catch((error: unknown) => error);
      await mariadb.run(`DO SLEEP(0.3); KILL ${what} ${String(id)}`);
      return fault;
    };
    expect(await ended('CONNECTION')).to.be.instanceOf(ConnectionLost);
    expect(await ended('QUERY'))
      .to.be.instanceOf(TransientError)
      .and.not.instanceOf(ConnectionLost);
    await session.close();
  });
});

describe('measures of a MariaDB that does not tell names apart by case', () => {
  let mariadb: TestMariadb;
  let source: MeasureSource;

  before(async function () {
    if (!hasMariadb()) this.skip();
    this.timeout(240_000);
    mariadb = await startMariadb({ arguments: ['--lower-case-table-names=1'] });
    const config = { username: mariadb.user, authType: { password: mariadb.password }, hostPort: mariadb.hostPort };
    const { signal } = new AbortController();
    const context = { runTag: 'test', signal, onStatement: () => undefined, onWarning: () => undefined };
    source = await (findSource('mysql').openMeasures?.(config, context, { statementTimeoutMs: 30_000 }) ??
      Promise.reject(new Error('none')));
  });
  after(async () => {
    await source?.close();
    await mariadb?.stop();
  });

  it('know all tables of a schema that is gone or empty, but not of one that is named in another case', async () => {
    await mariadb.run(
      'CREATE DATABASE gone; CREATE TABLE gone.t (n INT); DROP DATABASE gone; CREATE DATABASE bare; CREATE DATABASE Shop; CREATE TABLE Shop.t (n INT)'
    );
    const known = async (schema: string): Promise<readonly unknown[]> => {
      const { tables, areAll } = await source.facts({ database: 'default', schema });
      return [tables.size, areAll];
    };
    expect(await known('gone')).to.deep.equal([0, true]);
    expect(await known('bare')).to.deep.equal([0, true]);
    expect(await known('shop')).to.deep.equal([1, true]);
    expect(await known('Shop'), 'as the catalog may call it').to.deep.equal([0, false]);
  });
});
