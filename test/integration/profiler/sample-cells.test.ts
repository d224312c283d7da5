import { expect } from 'chai';
import { Measuring } from '../../../src/measures/index.js';
import { exactJson } from '../../../src/openmetadata/index.js';
import { readSampleData } from '../../../src/profiler/sample-data.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import { ENGINES, type Engine } from '../data-quality/engines.js';
import { makeCase, runCases } from '../data-quality/run-cases.js';

const COLUMNS = [
  { name: 'd', dataType: 'DOUBLE', sql: 'DOUBLE PRECISION' },
  { name: 'n', dataType: 'DECIMAL', sql: 'DECIMAL(30,20)' },
  { name: 'w', dataType: 'DECIMAL', sql: 'DECIMAL(37,0)' },
  { name: 'i', dataType: 'BIGINT', sql: 'BIGINT' },
  { name: 't', dataType: 'VARCHAR', sql: 'VARCHAR(40)' },
] as const;
/** SQLite has no decimals beyond a double. */
const OF_SQLITE = `[[-191045.25033492176,0.12345678901234568,1.2345678901234568e+36,9007199254740993,"9007199254740993"],[0.75,2.5,3,4,"0.10"],[null,null,null,null,null]]`;
const OF_OTHERS = `[[-191045.25033492176,0.12345678901234567891,1234567890123456789012345678901234567,9007199254740993,"9007199254740993"],[0.75,2.5,3,4,"0.10"],[null,null,null,null,null]]`;

const BYTES = 'ff'.repeat(90);
/** The engine's types of bytes and of a time, and a literal of the bytes. */
const ODD: Readonly<Record<string, readonly [bytes: string, type: string, time: string, literal: string]>> = {
  SQLite: ['BLOB', 'BLOB', 'DATETIME', `x'${BYTES}'`],
  MariaDB: ['VARBINARY', 'VARBINARY(99)', 'DATETIME(3)', `x'${BYTES}'`],
  PostgreSQL: ['BYTEA', 'BYTEA', 'TIMESTAMP', `'\\x${BYTES}'`],
  'the Snowflake emulator': ['BINARY', 'BINARY', 'TIMESTAMP_NTZ', `X'${BYTES}'`],
};

for (const kind of Object.values(ENGINES)) {
  describe(`Cells of sample rows of ${kind.name}`, () => {
    let engine: Engine;
    before(async function () {
      if (!kind.available()) this.skip();
      this.timeout(180_000);
      engine = await kind.start();
      const { dialect } = engine.source;
      const path = dialect.tablePath(engine.ref('amounts'));
      const columns = COLUMNS.map(({ name, sql }) => `${dialect.quote(name)} ${sql}`);
      await engine.run(`CREATE TABLE ${path} (${columns.join(', ')})`);
      const digits = `0.12345678901234567891, 1234567890123456789012345678901234567, 9007199254740993`;
      await engine.run(`INSERT INTO ${path} VALUES (-191045.25033492176, ${digits}, '9007199254740993')`);
      await engine.run(`INSERT INTO ${path} VALUES (0.75, 2.5, 3, 4, '0.10')`);
      await engine.run(`INSERT INTO ${path} VALUES (NULL, NULL, NULL, NULL, NULL)`);
    });
    after(() => engine?.stop());

    it('are JSON numbers with all digits where they are numbers, and texts where they are texts', async () => {
      const { source, context } = engine;
      const columns = COLUMNS.map(({ name, dataType }) => ({ column: { name, dataType }, catalogName: name }));
      const plan = {
        rows: { table: engine.ref('amounts'), isView: false },
        sampleData: { columns, rows: 50 },
      } as unknown as TablePlan;
      const session = await source.session(context);
      try {
        const measuring = new Measuring(session, { signal: context.signal });
        const sample = await readSampleData(plan, source.dialect, measuring);
        expect(exactJson(sample?.rows)).to.equal(kind === ENGINES.sqlite ? OF_SQLITE : OF_OTHERS);
      } finally {
        await session.close();
      }
    });

    it('are the same in failed rows of tests, of a custom query too', async () => {
      const path = engine.source.dialect.tablePath(engine.ref('amounts'));
      const value = `SELECT * FROM ${path} WHERE ${engine.source.dialect.quote('d')} IS NOT NULL`;
      const cases = [
        makeCase('columnValueLengthsToBeBetween', 'long', {
          column: 't',
          parameterValues: [{ name: 'minLength', value: '100' }],
        }),
        makeCase('tableCustomSQLQuery', 'own', { parameterValues: [{ name: 'sqlExpression', value }] }),
      ];
      const facts = {
        fqn: 'shop.default.main.amounts',
        columns: COLUMNS.map(({ name, dataType }) => ({ name, dataType, tags: [] })),
      };
      const found = await runCases(engine, { table: engine.ref('amounts'), isView: false }, facts, cases);
      const all = kind === ENGINES.sqlite ? OF_SQLITE : OF_OTHERS;
      for (const { failedRows } of found)
        expect(exactJson(failedRows?.rows)).to.equal(all.replace(',[null,null,null,null,null]', ''));
    });

    it('have the digits of a number of 32 bits that tell it from its neighbours, and so have dimensions', async function () {
      if (kind !== ENGINES.mariadb && kind !== ENGINES.postgres) this.skip();
      const { source, context } = engine;
      const { dialect } = source;
      const table = engine.ref('singles');
      const [f, path] = [dialect.quote('f'), dialect.tablePath(table)];
      const values = ['0.1', '16777217', '1234567.1', '1234567.4', '3.4e38', '1.17549435e-38', '-19.1'];
      await engine.run(`CREATE TABLE ${path} (${f} ${kind === ENGINES.postgres ? 'REAL' : 'FLOAT'})`);
      await engine.run(`INSERT INTO ${path} VALUES ${values.map((each) => `(${each})`).join(', ')}`);
      const column = { name: 'f', dataType: 'FLOAT' } as const;
      const shown = ['0.1', '16777216', '1234567.1', '1234567.4', '3.4e+38', '1.1754944e-38', '-19.1'];
      const rows = { table, isView: false };
      const plan = { rows, sampleData: { columns: [{ column, catalogName: 'f' }], rows: 50 } } as unknown as TablePlan;
      const session = await source.session(context);
      try {
        const measuring = new Measuring(session, { signal: context.signal });
        const sample = await readSampleData(plan, dialect, measuring);
        expect(sample?.rows.flat().map(String)).to.deep.equal(shown);
      } finally {
        await session.close();
      }
      const facts = { fqn: 'shop.default.main.singles', columns: [{ ...column, tags: [] }] };
      const test = makeCase('columnValuesToBeNotInSet', 'none', {
        ...{ column: 'f', dimensionColumns: ['f'], topDimensions: 6 },
        parameterValues: [{ name: 'forbiddenValues', value: '[0.1, 1234567.4]' }],
      });
      const [found] = await runCases(engine, rows, facts, [test]);
      expect(found?.failedRows?.rows.flat().map(String)).to.deep.equal(['0.1', '1234567.4']);
      const dimensions = found?.dimensions?.map(({ dimensionValues, failedRows = 0 }) => [
        dimensionValues[0]?.value,
        failedRows,
      ]);
      expect(dimensions?.slice(0, 2)).to.deep.equal([
        ['0.1', 1],
        ['1234567.4', 1],
      ]);
      expect(dimensions?.at(-1)).to.deep.equal(['Others', 0]);
      expect(found?.dimensions?.at(-1)?.result).to.match(/Found countInSet=0/);
    });

    it('are cut where no character is halved', async () => {
      const { source, context } = engine;
      const { dialect } = source;
      const path = dialect.tablePath(engine.ref('emoji'));
      await engine.run(
        `CREATE TABLE ${path} (${dialect.quote('t')} ${kind.name === 'SQLite' ? 'TEXT' : 'VARCHAR(6000)'})`
      );
      await engine.run(`INSERT INTO ${path} VALUES ('${'a'.repeat(4_999)}😀b')`);
      await engine.run(`INSERT INTO ${path} VALUES ('${'a'.repeat(4_998)}😀b')`);
      const plan = {
        rows: { table: engine.ref('emoji'), isView: false },
        sampleData: { columns: [{ column: { name: 't', dataType: 'VARCHAR' }, catalogName: 't' }], rows: 50 },
      } as unknown as TablePlan;
      const session = await source.session(context);
      try {
        const measuring = new Measuring(session, { signal: context.signal });
        const rows = (await readSampleData(plan, dialect, measuring))?.rows.flat().map(String);
        expect(rows?.map((text) => text.replace(/a+/, ({ length }) => String(length))).sort()).to.deep.equal([
          '4998😀',
          '4999',
        ]);
      } finally {
        await session.close();
      }
    });

    it('have bytes as base64 that says so, and times as ISO has them', async () => {
      const { source, context } = engine;
      const [dataType = '', bytes = '', time = '', literal = ''] = ODD[kind.name] ?? [];
      const { dialect } = source;
      const path = dialect.tablePath(engine.ref('odd'));
      await engine.run(`CREATE TABLE ${path} (${dialect.quote('b')} ${bytes}, ${dialect.quote('at')} ${time})`);
      await engine.run(`INSERT INTO ${path} SELECT ${literal}, '2024-02-29 10:20:30.125'`);
      const columns = [
        { column: { name: 'b', dataType }, catalogName: 'b' },
        { column: { name: 'at', dataType: kind === ENGINES.postgres ? 'TIMESTAMP' : 'DATETIME' }, catalogName: 'at' },
      ];
      const plan = {
        rows: { table: engine.ref('odd'), isView: false },
        sampleData: { columns, rows: 50 },
      } as unknown as TablePlan;
      const session = await source.session(context);
      try {
        const measuring = new Measuring(session, { signal: context.signal });
        const [[cell, at] = []] = (await readSampleData(plan, dialect, measuring))?.rows ?? [];
        expect(cell).to.equal(`[base64]${'/'.repeat(120)}`);
        expect(at)
          .to.be.a('string')
          .that.matches(/^2024-02-29T10:20:30\.125/);
      } finally {
        await session.close();
      }
    });
  });
}
