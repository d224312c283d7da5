import { expect } from 'chai';
import { IngestionError } from '../../../src/errors/index.js';
import { compileMeasures, Measuring, probeSql } from '../../../src/measures/index.js';
import { findSource, type MeasuredColumn, type MeasureSource, type RowSet } from '../../../src/sources/index.js';
import { hasPostgres, startPostgres, type TestPostgres } from '../../services/postgres.js';
import { asksOf, expectMeasures } from './independent.js';

type DataType = MeasuredColumn['dataType'];
type Values = readonly (string | null)[];

const NUMBERS: readonly (readonly [name: string, type: string, dataType: DataType, values: Values])[] = [
  ['small', 'SMALLINT', 'SMALLINT', ['-32768', '32767', '0', null, '5', '5']],
  ['whole', 'BIGINT', 'BIGINT', ['-9007199254740991', '9007199254740991', '1', '2', null, '2']],
  [
    'huge',
    'NUMERIC',
    'NUMERIC',
    [
      '-1234567890123456789012345678901234567890.5',
      '9999999999999999999999999999999999999999.25',
      '0.1',
      '-0.3',
      null,
      '7',
    ],
  ],
  ['Odd "name"', 'NUMERIC(12,2)', 'NUMERIC', ['-10.25', '-3.50', '2.75', '2.75', null, null]],
  ['place', 'OID', 'BIGINT', ['0', '4294967295', '7', '7', null, null]],
  ['cash', 'MONEY', 'MONEY', ['-10.25', '1234567.5', '2.75', '2.75', null, null]],
  ['real4', 'REAL', 'FLOAT', ['0.5', '-2.25', '102.25', '3', '3', null]],
  ['real8', 'DOUBLE PRECISION', 'DOUBLE', ['1e150', '-1e149', '0.1', '0.2', '0.3', null]],
  ['nothing', 'INT', 'INT', [null, null, null, null, null, null]],
];
const TEXTS: readonly (readonly [name: string, type: string, dataType: DataType, values: Values])[] = [
  ['word', 'VARCHAR(50)', 'VARCHAR', ['a', 'A', '🚀🚀', '', null, 'a']],
  ['long', 'TEXT', 'TEXT', ['x'.repeat(3000), `${'x'.repeat(3000)}y`, 'ü', 'ü', null, 'it\'s \\ "']],
  ['choice', 'shop.colour', 'ENUM', ['red', 'green', 'red', null, null, 'red']],
];
/** Types that lack an order, an equality, or an aggregate. */
const OTHERS: readonly (readonly [type: string, dataType: DataType, values: Values])[] = [
  ['BOOLEAN', 'BOOLEAN', ['true', 'false', 'true', null]],
  ['UUID', 'UUID', ['00000000-0000-0000-0000-000000000001', null, '00000000-0000-0000-0000-000000000001', null]],
  ['JSON', 'JSON', ['{"a":1}', '{"a":1}', '[]', null]],
  ['JSONB', 'JSON', ['{"a": 1}', '{"a": 1}', '[]', null]],
  ['XML', 'XML', ['<a/>', '<b/>', null, null]],
  ['POINT', 'GEOMETRY', ['(1,2)', '(1,2)', null, '(3,4)']],
  ['BYTEA', 'BYTEA', ['\\x00ff', '\\x00ff', '\\x', null]],
  ['BIT(3)', 'BIT', ['101', '101', '111', null]],
  ['INET', 'INET', ['10.0.0.1', '10.0.0.1', '::1', null]],
  ['INT[]', 'ARRAY', ['{1,2}', '{1,2}', '{}', null]],
  ['XID', 'STRING', ['7', '7', '8', null]],
  ['INTERVAL', 'INTERVAL', ['1 day', '24:00:00', '2 days', null]],
  ['TSTZRANGE', 'DATETIMERANGE', ['empty', 'empty', null, null]],
];

describe('measures of PostgreSQL', () => {
  let server: TestPostgres;
  let source: MeasureSource;
  let measuring: Measuring;
  const controller = new AbortController();
  const { signal } = controller;
  const context = { runTag: 'test', signal, onStatement: () => undefined, onWarning: () => undefined };

  before(async function () {
    if (!hasPostgres()) this.skip();
    server = await startPostgres();
    await server.query(
      `CREATE SCHEMA shop; CREATE TYPE shop.colour AS ENUM ('red', 'green'); GRANT pg_read_all_data TO ${server.user}`
    );
    const config = {
      username: server.user,
      authType: { password: server.password },
      hostPort: server.hostPort,
      database: 'postgres',
    };
    const opened = await findSource('postgres').openMeasures?.(config, context, { statementTimeoutMs: 30_000 });
    if (opened === undefined) throw new Error('none');
    source = opened;
    measuring = new Measuring(await source.session(context), { signal });
  });

  after(async () => {
    await source?.close();
    await server?.stop();
  });

  const rowsOf = (table: string, more: Partial<RowSet> = {}): RowSet => ({
    table: { database: 'postgres', schema: 'shop', table },
    isView: false,
    ...more,
  });

  async function make(table: string, columns: readonly (readonly [name: string, type: string, values: Values])[]) {
    const literal = (value: string | null | undefined): string =>
      value === null || value === undefined ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
    const quoted = columns.map(([name, type]) => `"${name.replaceAll('"', '""')}" ${type}`);
    const count = columns[0]?.[2].length ?? 0;
    const rows = Array.from(
      { length: count },
      (_, at) => `(${columns.map(([, , values]) => literal(values[at])).join(', ')})`
    );
    await server.query(
      `CREATE TABLE shop.${table} (${quoted.join(', ')}); INSERT INTO shop.${table} VALUES ${rows.join(', ')}`
    );
  }

  async function take(rows: RowSet, asks: ReturnType<typeof asksOf>) {
    return measuring.take(compileMeasures(source.dialect, rows, asks), probeSql(source.dialect, rows));
  }

  it('gives every number what plain arithmetic gives: negative, huge, fractions and money', async () => {
    await make(
      'numbers',
      NUMBERS.map(([name, type, , values]) => [name, type, values])
    );
    const asks = NUMBERS.flatMap(([name, , dataType]) => asksOf({ name, dataType }, 'value'));
    expect(compileMeasures(source.dialect, rowsOf('numbers'), asks).statements).to.have.length(2);
    const { values, problems } = await take(rowsOf('numbers'), asks);
    expect([...problems]).to.deep.equal([]);
    for (const [name, , , given] of NUMBERS) {
      const amounts = given.filter((each) => each !== null).map(Number);
      expectMeasures(values, name, { identities: amounts.map(String), amounts });
    }
  });

  it('compares money and oid with numbers, as histograms and tests do', async () => {
    const condition = (name: string, dataType: DataType, value: number) =>
      ({ op: 'compare', column: { name, dataType }, is: '<', value }) as const;
    const asks = [condition('cash', 'MONEY', 2.8), condition('place', 'BIGINT', 7.5)].map((each) => ({
      key: each.column.name,
      measure: { of: 'countWhere', condition: each } as const,
    }));
    const { values, problems } = await take(rowsOf('numbers'), asks);
    expect([...problems]).to.deep.equal([]);
    expect([...values]).to.deep.equal([
      ['cash', 3],
      ['place', 3],
    ]);
  });

  it('gives every text the counts of its values and the lengths in characters', async () => {
    await make(
      'texts',
      TEXTS.map(([name, type, , values]) => [name, type, values])
    );
    const asks = TEXTS.flatMap(([name, , dataType]) => asksOf({ name, dataType }, 'length'));
    const { values, problems } = await take(rowsOf('texts'), asks);
    expect([...problems]).to.deep.equal([]);
    for (const [name, , , given] of TEXTS) {
      const identities = given.filter((each) => each !== null);
      expectMeasures(values, name, { identities, amounts: identities.map((each) => [...each].length) });
    }
  });

  it('counts the values of types that have no order, no equality or no smallest, and finds a smallest', async () => {
    await make(
      'others',
      OTHERS.map(([type, , values], at) => [`c${at}`, type, values])
    );
    const columns = OTHERS.map(([, dataType], at): MeasuredColumn => ({ name: `c${at}`, dataType }));
    const asks = columns.flatMap((column) => [
      ...asksOf(column, 'nothing'),
      { key: `${column.name} min`, measure: { of: 'min', column } as const },
    ]);
    const { values, problems } = await take(rowsOf('others'), asks);
    expect([...problems]).to.deep.equal([]);
    for (const [at, [type, , given]] of OTHERS.entries()) {
      const identities = given.filter((each) => each !== null).map((each) => (each === '24:00:00' ? '1 day' : each));
      expectMeasures(values, `c${at}`, { identities, amounts: undefined });
      expect(values.get(`c${at} min`), type).to.not.equal(null);
    }
  });

  it('reads dates and times as ISO texts, in UTC, infinite ones as they are', async () => {
    await server.query(`SET timezone = 'Asia/Tokyo'; CREATE TABLE shop.times (d DATE, t TIMESTAMP, s TIMESTAMPTZ);
INSERT INTO shop.times VALUES ('2024-02-29', '2024-02-29 23:59:59.5', '2024-01-01 09:00:00'), ('infinity', '1000-01-01', '0044-03-15 12:00:00+00 BC')`);
    const asks = (['d', 't', 's'] as const).flatMap((name) =>
      (['min', 'max'] as const).map((of) => ({
        key: `${name} ${of}`,
        measure: { of, column: { name, dataType: name === 'd' ? 'DATE' : 'TIMESTAMP' } } as const,
      }))
    );
    const { values } = await take(rowsOf('times'), asks);
    expect(Object.fromEntries(values)).to.deep.equal({
      ...{ 'd min': '2024-02-29', 'd max': 'infinity' },
      ...{ 't min': '1000-01-01T00:00:00', 't max': '2024-02-29T23:59:59.5' },
      ...{ 's min': '0044-03-15T12:00:00 BC', 's max': '2024-01-01T00:00:00' },
    });
  });

  it('takes the same rows in each statement of a sample, of tables, views and queries', async () => {
    // A column has the name that the statements give the table.
    await server.query(`CREATE TABLE shop.many (id INT PRIMARY KEY, word TEXT, t TEXT DEFAULT 'same');
INSERT INTO shop.many SELECT n, 'w' || n FROM generate_series(1, 20000) n; CREATE VIEW shop.seen AS SELECT * FROM shop.many`);
    const sample = { by: 'percentage', percent: 10, seed: 42 } as const;
    for (const rows of [
      rowsOf('many', { sample }),
      rowsOf('many', { sample: { by: 'rows', rows: 500, randomized: true, seed: 7 } }),
      rowsOf('many', { sample: { by: 'rows', rows: 500, randomized: false, seed: 7 } }),
      rowsOf('seen', { sample, isView: true }),
      rowsOf('many', { sample, query: 'SELECT * FROM shop.many WHERE id <= 10000 -- a comment' }),
    ]) {
      const asks = [
        ...asksOf({ name: 'id', dataType: 'INT' }, 'value'),
        ...asksOf({ name: 'word', dataType: 'TEXT' }, 'length'),
      ];
      const { values, problems } = await take(rows, asks);
      expect([...problems]).to.deep.equal([]);
      const count = Number(values.get('id values'));
      expect(count).to.be.within(400, 2_200);
      for (const key of ['id distinct', 'id unique', 'word distinct', 'word unique', 'word values'])
        expect(values.get(key), key).to.equal(count);
      if (rows.sample?.by === 'percentage')
        expect(Number(values.get('id max')) - Number(values.get('id min'))).to.be.above(9_000);
    }
  });

  it('refuses a table of another database instead of measuring one of the same name here', async () => {
    const rows = { ...rowsOf('many'), table: { database: 'other', schema: 'shop', table: 'many' } };
    const failure = await measuring
      .take(
        compileMeasures(source.dialect, rows, asksOf({ name: 'id', dataType: 'INT' }, 'value')),
        probeSql(source.dialect, rows)
      )
      .then(({ problems }) => [...problems].join(), String);
    expect(failure).to.include('cross-database');
  });

  it('says of a materialized view without data what fills it', async () => {
    await server.query('CREATE MATERIALIZED VIEW shop.unfilled AS SELECT 1 AS n WITH NO DATA');
    const failure = await take(rowsOf('unfilled'), asksOf({ name: 'n', dataType: 'INT' }, 'value')).then(
      ({ problems }) => [...problems].join(),
      (error: unknown) => (error instanceof IngestionError ? error.describe() : String(error))
    );
    expect(failure)
      .to.include('has a materialized view without data: materialized view "unfilled" has not been populated')
      .and.include('REFRESH MATERIALIZED VIEW')
      .and.not.include('pg_stat_statements');
  });

  it('makes 0 of multiples that no double holds', async () => {
    const column = { name: 'v', dataType: 'DOUBLE' } as const;
    await server.query(
      "CREATE TABLE shop.far AS SELECT unnest(ARRAY[1.7e308, -5e-324, 'NaN', 3e-143, NULL]::float8[]) AS v"
    );
    const sql = `SELECT ${source.dialect.scaled(column, 2 ** -600)} AS v FROM shop.far`;
    const made = (await server.query(sql)).map(({ v }) => v);
    expect(made).to.deep.equal([1.7e308 * 2 ** -600, 0, NaN, 3e-143 * 2 ** -600, null]);
  });

  it('adds up a million values of REAL with the digits of a double', async () => {
    const column = { name: 'v', dataType: 'FLOAT' } as const;
    await server.query(
      "CREATE TABLE shop.tenths AS SELECT CASE n WHEN 0 THEN 'NaN' ELSE 0.1 END::real AS v FROM generate_series(0, 1000000) n"
    );
    const asks = (['sum', 'mean'] as const).map((of) => ({ key: of, measure: { of, column, finite: true } as const }));
    const { values, problems } = await take(rowsOf('tenths'), asks);
    expect([...problems]).to.deep.equal([]);
    expect(values.get('mean')).to.equal(Math.fround(0.1));
    expect(Number(values.get('sum'))).to.be.closeTo(1_000_000 * Math.fround(0.1), 1e-4);
  });

  describe('what the catalogue tells', () => {
    it('has rows and bytes of tables, those of partitions together, and none of views', async () => {
      await server.query(`CREATE TABLE shop.parts (n INT) PARTITION BY RANGE (n);
CREATE TABLE shop.part_1 PARTITION OF shop.parts FOR VALUES FROM (0) TO (100);
CREATE TABLE shop.part_2 PARTITION OF shop.parts FOR VALUES FROM (100) TO (1000);
INSERT INTO shop.parts SELECT generate_series(0, 999); ANALYZE shop.parts; ANALYZE shop.many`);
      const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
      expect(tables.get('parts')).to.include({ rows: 1000, isView: false });
      expect(tables.get('parts')?.bytes).to.be.above(16_384);
      expect(tables.get('many')).to.include({ rows: 20_000 });
      expect(tables.get('seen')).to.deep.include({ isView: true }).and.not.have.any.keys('rows', 'bytes', 'changed');
      expect([...tables.keys()]).to.not.include('part_1');
    });

    it('knows no rows where the last VACUUM found none and there are some now', async () => {
      await server.query(
        'CREATE TABLE shop.filled (n INT) WITH (autovacuum_enabled = false); CREATE TABLE shop.bare (n INT)'
      );
      await server.query('VACUUM shop.filled');
      await server.query('VACUUM shop.bare');
      await server.query('INSERT INTO shop.filled SELECT generate_series(1, 730)');
      const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
      expect(tables.get('bare')).to.include({ rows: 0 });
      expect(tables.get('filled')).to.not.have.property('rows');
    });

    it('knows all tables, also of a schema that is gone, and that names of two cases are two', async () => {
      const facts = await source.facts({ database: 'postgres', schema: 'gone' });
      expect(facts.tables.size).to.equal(0);
      expect(facts).to.include({ areAll: true, exactNames: true });
    });

    it('knows that a partitioned table without partitions is empty', async () => {
      await server.query('CREATE TABLE shop.no_parts (n INT) PARTITION BY RANGE (n)');
      const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
      expect(tables.get('no_parts')).to.include({ rows: 0, isView: false });
    });

    const marks = async (): Promise<Record<string, unknown>> => {
      // counters are the other session's until it ends
      await server.query('SELECT pg_stat_force_next_flush()');
      const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
      return Object.fromEntries([...tables].map(([name, { changed }]) => [name, changed]));
    };

    it('has a mark that stays until rows change, in a partition too, or the table is rewritten', async () => {
      const before = await marks();
      expect(before['many']).to.have.property('mark');
      expect(await marks()).to.deep.equal(before);
      await server.query(
        `UPDATE shop.parts SET n = n WHERE n = 500; TRUNCATE shop.times; DELETE FROM shop.many WHERE id = 1`
      );
      const after = await marks();
      const changed = Object.keys(before).filter(
        (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])
      );
      expect(changed.sort()).to.deep.equal(['many', 'parts', 'times']);
    });

    it('has a mark of a table that others inherit from, which changes with theirs, at any depth', async () => {
      await server.query(`CREATE SCHEMA IF NOT EXISTS elsewhere; CREATE TABLE shop.base (n INT); CREATE TABLE shop.beside (n INT);
CREATE TABLE elsewhere.kid (m INT) INHERITS (shop.base); CREATE TABLE elsewhere.grandkid () INHERITS (elsewhere.kid)`);
      let known = await marks();
      expect(known['base']).to.have.property('mark');
      for (const change of [
        'INSERT INTO elsewhere.kid VALUES (1, 1)',
        'INSERT INTO elsewhere.grandkid VALUES (2, 2)',
        'UPDATE elsewhere.grandkid SET n = 3',
        'TRUNCATE elsewhere.kid',
        'ALTER TABLE elsewhere.kid NO INHERIT shop.base',
      ]) {
        await server.query(change);
        const now = await marks();
        expect(now['base'], change)
          .to.have.property('mark')
          .that.is.not.equal((known['base'] as { mark: string }).mark);
        expect(now['beside'], change).to.deep.equal(known['beside']);
        known = now;
      }
      await server.query('INSERT INTO elsewhere.kid VALUES (1, 1)');
      expect((await marks())['base'], 'of a table that is none of it any more').to.deep.equal(known['base']);
    });

    it('has rows and bytes of a table together with those that inherit from it', async () => {
      await server.query(`CREATE TABLE shop.root (n INT); CREATE TABLE shop.branch () INHERITS (shop.root);
INSERT INTO shop.root SELECT generate_series(1, 10); INSERT INTO shop.branch SELECT generate_series(1, 5000); ANALYZE shop.root; ANALYZE shop.branch`);
      const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
      expect(tables.get('root')).to.include({ rows: 5_010 });
      expect(tables.get('root')?.bytes).to.be.above(tables.get('branch')?.bytes ?? NaN);
    });

    it('has no mark where a part is a foreign table, whose changes this server does not count', async () => {
      await server.query(`CREATE FOREIGN DATA WRAPPER none; CREATE SERVER far FOREIGN DATA WRAPPER none;
CREATE TABLE shop.mixed (n INT) PARTITION BY RANGE (n); CREATE TABLE shop.near PARTITION OF shop.mixed FOR VALUES FROM (0) TO (9)`);
      expect((await marks())['mixed']).to.have.property('mark');
      await server.query(
        'CREATE FOREIGN TABLE shop.abroad PARTITION OF shop.mixed FOR VALUES FROM (9) TO (99) SERVER far'
      );
      expect((await marks())['mixed']).to.equal(undefined);
    });

    it('tells where policies decide which rows the account reads, which may change without the table', async () => {
      await server.query(`CREATE TABLE shop.policed (n INT); CREATE TABLE shop.own_policed (n INT);
GRANT SELECT ON shop.policed TO ingest; ALTER TABLE shop.own_policed OWNER TO ingest`);
      const told = async (): Promise<unknown[]> => {
        const { tables } = await source.facts({ database: 'postgres', schema: 'shop' });
        return [...tables.values()].flatMap(({ table, hidesRows, changed }) =>
          hidesRows === true ? [[table, changed]] : []
        );
      };
      expect(await told()).to.deep.equal([]);
      await server.query(`ALTER TABLE shop.policed ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop.own_policed ENABLE ROW LEVEL SECURITY`);
      expect(await told(), 'an owner passes them by').to.deep.equal([['policed', undefined]]);
      await server.query('ALTER TABLE shop.own_policed FORCE ROW LEVEL SECURITY');
      expect((await told()).length).to.equal(2);
      await server.query('ALTER ROLE ingest BYPASSRLS');
      try {
        expect(await told()).to.deep.equal([]);
      } finally {
        await server.query('ALTER ROLE ingest NOBYPASSRLS');
      }
    });

    it('tells it of views whose owner, or of security_invokers whose account, the policies bind', async () => {
      await server.query(`CREATE SCHEMA seen; GRANT USAGE ON SCHEMA seen TO ingest; CREATE ROLE clerk; GRANT USAGE, CREATE ON SCHEMA seen TO clerk;
CREATE TABLE seen.base (n INT); INSERT INTO seen.base VALUES (1), (2); ALTER TABLE seen.base ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON seen.base TO clerk, ingest; CREATE POLICY one ON seen.base TO clerk USING (n = 1);
CREATE VIEW seen.by_owner AS SELECT * FROM seen.base; CREATE VIEW seen.above_owner AS SELECT * FROM seen.by_owner;
CREATE VIEW seen.asking WITH (security_invoker = on) AS SELECT * FROM seen.base; CREATE VIEW seen.above_asking AS SELECT * FROM seen.asking;
CREATE MATERIALIZED VIEW seen.kept AS SELECT * FROM seen.base;
SET ROLE clerk; CREATE VIEW seen.by_clerk AS SELECT * FROM seen.base; CREATE VIEW seen.twice AS SELECT * FROM seen.by_clerk a JOIN seen.by_clerk b USING (n); RESET ROLE;
GRANT SELECT ON ALL TABLES IN SCHEMA seen TO ingest`);
      const of = { database: 'postgres', schema: 'seen' };
      const { tables } = await source.facts(of);
      const told = [...tables.values()].flatMap(({ table, hidesRows }) => (hidesRows === true ? [table] : []));
      const hiding = ['above_asking', 'asking', 'base', 'by_clerk', 'twice'];
      expect(told.sort()).to.deep.equal(hiding);
      const session = await source.session(context);
      try {
        const own = session.in?.('postgres') ?? session;
        const counted = new Map<string, string>();
        const known: string[] = [];
        for (const table of tables.keys()) {
          const [row] = await own.rows(`SELECT COUNT(*) FROM seen.${table}`);
          counted.set(table, String(row?.[0]));
          if ((await own.hidesRows?.({ ...of, table })) === true) known.push(table);
        }
        expect([...counted].flatMap(([table, rows]) => (rows === '2' ? [] : [table])).sort()).to.deep.equal(hiding);
        expect(known.sort(), 'without a statement').to.deep.equal(hiding);
      } finally {
        await session.close();
      }
    });
  });
});
