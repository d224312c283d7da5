import { expect } from 'chai';
import { compileMeasures, listRowsSql, Measuring, probeSql } from '../../../src/measures/index.js';
import { findSource, type MeasureSource, type MeasuredColumn, type RowSet } from '../../../src/sources/index.js';
import { startFakesnow, type Fakesnow } from '../../services/fakesnow.js';
import { emulatedConnection } from '../sources/snowflake-emulated.js';
import { asksOf, expectMeasures } from './independent.js';

const COLUMNS: readonly [
  name: string,
  type: string,
  dataType: MeasuredColumn['dataType'],
  values: readonly (string | null)[],
][] = [
  ['WHOLE', 'NUMBER(38,0)', 'DECIMAL', ['-9007199254740991', '9007199254740991', '1', '1', null]],
  ['MONEY', 'NUMBER(20,4)', 'DECIMAL', ['-10.2500', '0.3333', '7.5', null, '7.5']],
  ['REAL8', 'FLOAT', 'FLOAT', ['0.1', '-1e100', '0.5', '2', null]],
  ['EMPTY', 'NUMBER(5,0)', 'DECIMAL', [null, null, null, null, null]],
];

describe('measures of Snowflake', () => {
  let fakesnow: Fakesnow;
  let source: MeasureSource;
  const controller = new AbortController();
  const context = {
    runTag: 'test',
    signal: controller.signal,
    onStatement: () => undefined,
    onWarning: () => undefined,
  };

  before(async function () {
    this.timeout(180_000);
    fakesnow = await startFakesnow();
    await fakesnow.execute('CREATE DATABASE SHOP');
    await fakesnow.execute('CREATE SCHEMA SHOP.RAW');
    source = await (findSource('snowflake').openMeasures?.(emulatedConnection(fakesnow), context, {
      statementTimeoutMs: 60_000,
    }) ?? Promise.reject(new Error('none')));
  });
  after(async () => {
    await source?.close();
    await fakesnow?.stop();
  });

  const rowsOf = (table: string, more: Partial<RowSet> = {}): RowSet => ({
    table: { database: 'SHOP', schema: 'RAW', table },
    isView: false,
    ...more,
  });

  it('gives every number what plain arithmetic gives', async () => {
    await fakesnow.execute(
      `CREATE TABLE SHOP.RAW.NUMBERS (${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')}, D DATE, W VARCHAR)`
    );
    for (let row = 0; row < 5; row += 1) {
      const values = COLUMNS.map(([, , , given]) => given[row] ?? 'NULL');
      await fakesnow.execute(
        `INSERT INTO SHOP.RAW.NUMBERS VALUES (${values.join(', ')}, '2024-02-2${row}', '${'🚀'.repeat(row)}')`
      );
    }
    const day: MeasuredColumn = { name: 'D', dataType: 'DATE' };
    const asks = [
      ...COLUMNS.flatMap(([name, , dataType]) => asksOf({ name, dataType }, 'value')),
      ...asksOf({ name: 'W', dataType: 'VARCHAR' }, 'length'),
      { key: 'first', measure: { of: 'min', column: day } } as const,
    ];
    const compiled = compileMeasures(source.dialect, rowsOf('NUMBERS'), asks);
    expect(compiled.statements).to.have.length(3);
    // Answered by metadata as long as nothing else stands beside it.
    expect(compiled.statements[0]?.sql)
      .to.match(/^SELECT COUNT\("WHOLE"\)/)
      .and.not.match(/SUM|DISTINCT|LENGTH/);
    const session = await source.session(context);
    const measuring = new Measuring(session, { signal: controller.signal });
    const { values, problems } = await measuring.take(compiled, probeSql(source.dialect, rowsOf('NUMBERS')));
    expect([...problems]).to.deep.equal([]);
    for (const [name, , , given] of COLUMNS) {
      const amounts = given.filter((each) => each !== null).map(Number);
      expectMeasures(values, name, { identities: amounts.map(String), amounts });
    }
    const words = [0, 1, 2, 3, 4];
    expectMeasures(values, 'W', { identities: words.map(String), amounts: words });
    expect(values.get('first')).to.equal('2024-02-20');
  });

  it('gives the ends of times with all their digits, before 1970 too, still from metadata', async () => {
    await fakesnow.execute(
      'CREATE TABLE SHOP.RAW.TIMES (NTZ TIMESTAMP_NTZ(9), LTZ TIMESTAMP_LTZ(9), TZ TIMESTAMP_TZ(9), D DATE)'
    );
    for (const [day, clock, zone] of [
      ['2031-07-12', '01:47:25.123456', '+02:00'],
      ['1931-07-12', '23:59:59.987654', '-05:30'],
      ['2000-01-01', '10:00:00', '+00:00'],
    ])
      await fakesnow.execute(
        `INSERT INTO SHOP.RAW.TIMES VALUES ('${day} ${clock}', '${day} ${clock}+00:00', '${day} ${clock}${zone}', '${day}')`
      );
    const types = { NTZ: 'TIMESTAMP', LTZ: 'TIMESTAMP', TZ: 'TIMESTAMP', D: 'DATE' } as const;
    const asks = Object.entries(types).flatMap(([name, dataType]) =>
      (['min', 'max'] as const).map((of) => ({ key: `${of} ${name}`, measure: { of, column: { name, dataType } } }))
    );
    const compiled = compileMeasures(source.dialect, rowsOf('TIMES'), asks);
    expect(compiled.statements.map(({ sql }) => /^SELECT (MIN|MAX)\("NTZ"\)[^']*$/.test(sql))).to.deep.equal([true]);
    const session = await source.session(context);
    const measuring = new Measuring(session, { signal: controller.signal });
    const { values } = await measuring.take(compiled, probeSql(source.dialect, rowsOf('TIMES')));
    expect(Object.fromEntries(values)).to.deep.equal({
      ...{ 'min NTZ': '1931-07-12T23:59:59.987654', 'max NTZ': '2031-07-12T01:47:25.123456' },
      ...{ 'min LTZ': '1931-07-12T23:59:59.987654', 'max LTZ': '2031-07-12T01:47:25.123456' },
      ...{ 'min TZ': '1931-07-13T05:29:59.987654', 'max TZ': '2031-07-11T23:47:25.123456' },
      ...{ 'min D': '1931-07-12', 'max D': '2031-07-12' },
    });
    const [row] = await session.rows(`SELECT NTZ, TZ, D FROM SHOP.RAW.TIMES WHERE D = '2000-01-01'`);
    expect(row).to.deep.equal(['2000-01-01T10:00:00', '2000-01-01T10:00:00Z', '2000-01-01']);
  });

  it('gives times of day with all their digits, from no statement that metadata could have answered', async () => {
    await fakesnow.execute('CREATE TABLE SHOP.RAW.SHIFTS (BEGUN TIME(9), WHOLE TIME(0))');
    for (const at of ['01:47:25.123456', '23:59:59.5', '10:00:00'])
      await fakesnow.execute(`INSERT INTO SHOP.RAW.SHIFTS VALUES ('${at}', '01:02:03')`);
    const column = { name: 'BEGUN', dataType: 'TIME' } as const;
    const asks = (['min', 'max', 'values'] as const).map((of) => ({ key: of, measure: { of, column } }));
    const compiled = compileMeasures(source.dialect, rowsOf('SHIFTS'), asks);
    expect(compiled.statements.map(({ sql }) => sql.includes('TO_VARCHAR'))).to.deep.equal([false, true]);
    const session = await source.session(context);
    const measuring = new Measuring(session, { signal: controller.signal });
    const { values } = await measuring.take(compiled, probeSql(source.dialect, rowsOf('SHIFTS')));
    expect(Object.fromEntries(values)).to.deep.equal({ min: '01:47:25.123456', max: '23:59:59.5', values: 3 });
    const shown = [['01:47:25.123456'], ['10:00:00'], ['23:59:59.5']];
    const listed = await session.rows(listRowsSql(source.dialect, rowsOf('SHIFTS'), { columns: [column], limit: 9 }));
    expect([...listed].sort()).to.deep.equal(shown);
    // what a user's own SQL returns is read once more, from the result
    const own = await session.query('SELECT BEGUN, WHOLE FROM SHOP.RAW.SHIFTS', 9);
    expect(own.columns).to.deep.equal(['BEGUN', 'WHOLE']);
    expect([...own.rows].sort()).to.deep.equal(shown.map((row) => [...row, '01:02:03']));
  });

  it('tells of changed rows by LAST_ALTERED, of equal row count too', async () => {
    await fakesnow.execute('CREATE TABLE SHOP.RAW.SEEN (A NUMBER)');
    await fakesnow.execute('INSERT INTO SHOP.RAW.SEEN VALUES (1)');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = await source.facts({ database: 'SHOP', schema: 'RAW' });
    const changed = before.tables.get('SEEN')?.changed;
    expect(changed).to.have.property('time').at.most(before.asOf);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await fakesnow.execute('UPDATE SHOP.RAW.SEEN SET A = 2');
    const after = await source.facts({ database: 'SHOP', schema: 'RAW' });
    expect(after.tables.get('SEEN')?.changed).to.have.property('time').above(before.asOf);
    expect(after.tables.get('NUMBERS')?.changed).to.deep.equal(before.tables.get('NUMBERS')?.changed);
    expect(after.tables.get('SEEN')).to.include({ rows: 1, rowsAreExact: true });
  });

  it('takes a sample by a seed', async () => {
    await fakesnow.execute('CREATE TABLE SHOP.RAW.MANY AS SELECT SEQ4() AS N FROM TABLE(GENERATOR(ROWCOUNT => 10000))');
    const rows = rowsOf('MANY', { sample: { by: 'percentage', percent: 10, seed: 42 } });
    const session = await source.session(context);
    const { values, problems } = await new Measuring(session, { signal: controller.signal }).take(
      compileMeasures(source.dialect, rows, asksOf({ name: 'N', dataType: 'DECIMAL' }, 'value')),
      probeSql(source.dialect, rows)
    );
    expect([...problems]).to.deep.equal([]);
    expect(Number(values.get('N values'))).to.be.within(700, 1300);
  });

  it('goes on in a new session when the server has ended the one that all share', async () => {
    const sessions = [await source.session(context), await source.session(context)];
    await fakesnow.endSessions();
    const before = (await fakesnow.statements()).length;
    const rows = await Promise.all(sessions.map((session) => session.rows('SELECT 1 AS one')));
    expect(rows).to.deep.equal([[[1]], [[1]]]);
    const facts = await source.facts({ database: 'SHOP', schema: 'RAW' });
    expect(facts.tables.size).to.be.greaterThan(0);
    expect((await fakesnow.statements()).slice(before).filter(({ login }) => login)).to.have.length(1);
  });
});
