import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { StatementTimeout } from '../../../src/errors/index.js';
import { compileMeasures, Measuring, partitionOf, probeSql } from '../../../src/measures/index.js';
import { findSource, type MeasureSource, type MeasuredColumn, type RowSet } from '../../../src/sources/index.js';
import { asksOf, expectMeasures } from './independent.js';

const ENDLESS = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT COUNT(*) FROM c';

describe('measures of SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'om-test-measures-'));
  const file = join(folder, 'shop.db');
  const controller = new AbortController();
  const context = {
    runTag: 'test',
    signal: controller.signal,
    onStatement: () => undefined,
    onWarning: () => undefined,
  };
  let database: Database.Database;
  let source: MeasureSource;

  const open = async (statementTimeoutMs: number): Promise<MeasureSource> => {
    const opened = await findSource('sqlite').openMeasures?.({ databaseMode: file }, context, { statementTimeoutMs });
    return opened ?? Promise.reject(new Error('SQLite measures nothing'));
  };

  before(async () => {
    database = new Database(file);
    database.exec('CREATE TABLE first (a INTEGER)');
    source = await open(60_000);
  });

  after(async () => {
    await source.close();
    database.close();
    rmSync(folder, { recursive: true });
  });

  const rowsOf = (table: string, more: Partial<RowSet> = {}): RowSet => ({
    table: { database: 'default', schema: 'main', table },
    isView: false,
    ...more,
  });
  const measured = async (rows: RowSet, asks: ReturnType<typeof asksOf>) => {
    const session = await source.session(context);
    try {
      const compiled = compileMeasures(source.dialect, rows, asks);
      return await new Measuring(session, { signal: controller.signal }).take(compiled, probeSql(source.dialect, rows));
    } finally {
      await session.close();
    }
  };

  it('takes a partition’s number in any writing where it is one, and the text too where a column has no type', async () => {
    database.exec(`CREATE TABLE written (n INTEGER, u, b BLOB);
INSERT INTO written VALUES (16, 16, 16), (2, 2.0, 2.0), (7, '007', '007'), (9007199254740993, 9007199254740993, 7)`);
    const counted = async (name: string, dataType: MeasuredColumn['dataType'], value: string): Promise<unknown> => {
      const keys = { partitionColumnName: name, partitionIntervalType: 'COLUMN-VALUE', partitionValues: [value] };
      const where = partitionOf(keys, [{ name, dataType }], 0, 'written', source.dialect)?.where;
      const rows = rowsOf('written', where === undefined ? {} : { where });
      return (await measured(rows, [{ key: 'rows', measure: { of: 'rows' } }])).values.get('rows');
    };
    const found: [string, MeasuredColumn['dataType'], Record<string, number>][] = [
      ['n', 'INT', { '0x10': 1, '0o7': 1, '2.0': 1, '007': 1, '0x20000000000001': 1, '9007199254740992': 0 }],
      ['u', 'UNKNOWN', { '0x10': 1, '2.0': 1, '007': 1, '9007199254740993': 1, '9007199254740992': 0, '7': 0 }],
      ['b', 'BLOB', { '0x10': 1, '2.0': 1, '007': 2, '2': 0 }],
    ];
    for (const [name, dataType, values] of found)
      for (const [value, rows] of Object.entries(values))
        expect(await counted(name, dataType, value), `${name} ${value}`).to.equal(rows);
  });

  it('gives every number what plain arithmetic gives, whatever else the column holds', async () => {
    database.exec(`CREATE TABLE numbers (whole INTEGER, fraction REAL, mixed NUMERIC, empty INTEGER, one DECIMAL(10,2));
INSERT INTO numbers VALUES (-9007199254740991, 0.1, 1, NULL, NULL), (9007199254740991, -1e150, 'abc', NULL, -2.5), (3, 0.2, 2.5, NULL, NULL),
 (3, 1e100, NULL, NULL, NULL), (9223372036854775807, 5, -4, NULL, NULL), (9223372036854775807, 5, -4, NULL, NULL)`);
    const columns: [string, MeasuredColumn['dataType'], (number | string)[]][] = [
      ['whole', 'INT', [-9007199254740991, 9007199254740991, 3, 3, 2 ** 63, 2 ** 63]],
      ['fraction', 'DOUBLE', [0.1, -1e150, 0.2, 1e100, 5, 5]],
      ['mixed', 'NUMERIC', [1, 'abc', 2.5, -4, -4]],
      ['empty', 'INT', []],
      ['one', 'DECIMAL', [-2.5]],
    ];
    const { values, problems } = await measured(
      rowsOf('numbers'),
      columns.flatMap(([name, dataType]) => asksOf({ name, dataType }, 'value'))
    );
    expect([...problems]).to.deep.equal([]);
    for (const [name, , given] of columns.filter(([each]) => each !== 'mixed'))
      expectMeasures(values, name, { identities: given.map(String), amounts: given.map(Number) });
    expect(values.get('mixed values')).to.equal(5);
    expect(values.get('mixed max')).to.equal(2.5);
    expect(values.get('mixed mean')).to.be.closeTo(-4.5 / 4, 1e-12);
  });

  it('gives every text the counts of its values and the lengths in characters, those behind a NUL too', async () => {
    database.exec(`CREATE TABLE texts ("odd ""name" TEXT);
INSERT INTO texts VALUES ('a'), ('A'), (''), (NULL), ('🚀🚀'), ('it''s'), ('a')`);
    const name = 'odd "name';
    const withNul = ['a\0\\\n"', '\0', '\\u0000\0🚀'];
    for (const text of withNul)
      database.exec(`INSERT INTO texts VALUES (CAST(x'${Buffer.from(text).toString('hex')}' AS TEXT))`);
    const { values } = await measured(rowsOf('texts'), asksOf({ name, dataType: 'TEXT' }, 'length'));
    const identities = ['a', 'A', '', '🚀🚀', "it's", 'a', ...withNul];
    expectMeasures(values, name, { identities, amounts: identities.map((each) => [...each].length) });
  });

  it('takes the same rows in each statement of a sample, of tables, views and texts of users', async () => {
    database.exec(`CREATE TABLE many (id INTEGER PRIMARY KEY, word TEXT);
WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) INSERT INTO many SELECT x, 'w' || x FROM c;
CREATE INDEX words ON many (word); CREATE VIEW seen AS SELECT * FROM many`);
    const sample = { by: 'percentage', percent: 10, seed: 42 } as const;
    for (const rows of [
      rowsOf('many', { sample }),
      rowsOf('seen', { sample, isView: true }),
      rowsOf('many', { sample, query: 'SELECT * FROM many' }),
      rowsOf('many', { sample: { by: 'rows', rows: 2_000, randomized: true, seed: 7 } }),
    ]) {
      const asks = [
        ...asksOf({ name: 'id', dataType: 'INT' }, 'value'),
        ...asksOf({ name: 'word', dataType: 'TEXT' }, 'length'),
      ];
      const { values } = await measured(rows, asks);
      const count = Number(values.get('id values'));
      expect(count).to.be.within(1_800, 2_200);
      for (const key of ['id distinct', 'id unique', 'word distinct', 'word unique'])
        expect(values.get(key), key).to.equal(count);
      expect(Number(values.get('id p0.5'))).to.be.within(9_000, 11_000);
    }
  });

  it('measures 2,000 columns in statements that hold as many as SQLite allows', async () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `c${at}`);
    database.exec(`CREATE TABLE wide (${names.map((name) => `${name} INTEGER`).join(', ')})`);
    database.exec(`INSERT INTO wide VALUES (${names.map((_, at) => at).join(', ')})`);
    database.exec(`INSERT INTO wide VALUES (${names.map(() => 'NULL').join(', ')})`);
    const { values, problems } = await measured(
      rowsOf('wide'),
      names.flatMap((name) => asksOf({ name, dataType: 'INT' }, 'value'))
    );
    expect([...problems]).to.deep.equal([]);
    for (const [at, name] of names.entries()) expectMeasures(values, name, { identities: [String(at)], amounts: [at] });
  }).timeout(60_000);

  describe('takes of a window of time the rows in it', () => {
    const NOW = Date.UTC(2026, 10, 29, 12, 30);
    const MINUTE = 60_000;
    const iso = (time: number): string => new Date(time).toISOString();
    const forms: readonly (readonly [what: string, form: (time: number) => string | number])[] = [
      ['texts with a blank', (time) => iso(time).slice(0, 19).replace('T', ' ')],
      ['texts with a T', (time) => iso(time).slice(0, 19)],
      ['texts with a T and a Z', (time) => `${iso(time).slice(0, 19)}Z`],
      ['texts with a T, milliseconds and a Z', iso],
      ['texts with microseconds and a zone', (time) => `${iso(time + 330 * MINUTE).slice(0, 23)}456+05:30`],
      ['texts to the minute', (time) => iso(time).slice(0, 16)],
      ['texts that no function of the engine reads', (time) => `${iso(time).slice(0, 19).replace('T', ' ')} UTC`],
      ['seconds since 1970', (time) => time / 1_000],
      ['seconds since 1970 in a text', (time) => String(time / 1_000)],
      ['milliseconds since 1970', (time) => time],
      ['Julian days', (time) => time / 86_400_000 + 2_440_587.5],
    ];
    for (const [what, form] of forms) {
      for (const dataType of ['DATETIME', 'TEXT', 'INT'] as const) {
        // as a text they are none that the engine reads
        if (what === 'milliseconds since 1970' && dataType === 'TEXT') continue;
        it(`${what} in a column of type ${dataType}`, async () => {
          const table = `${what} ${dataType}`;
          database.exec(`CREATE TABLE "${table}" (at ${dataType})`);
          const insert = database.prepare(`INSERT INTO "${table}" VALUES (?)`);
          database.transaction(() => {
            for (let minute = -5; minute < 2_000; minute += 1) insert.run(form(NOW - minute * MINUTE - MINUTE / 2));
          })();
          database.exec(`INSERT INTO "${table}" VALUES (NULL), (x'ff00')`);
          const column = { name: 'at', dataType };
          const count = async (hours: number): Promise<unknown> => {
            const where = { op: 'compare', column, is: '>=', value: { time: NOW - hours * 60 * MINUTE } } as const;
            const { values } = await measured(rowsOf(table, { where }), [{ key: 'rows', measure: { of: 'rows' } }]);
            return values.get('rows');
          };
          expect(await count(2)).to.equal(125);
          expect(await count(24)).to.equal(1_445);
        });
      }
    }

    it('days in a column of type DATE', async () => {
      database.exec(`CREATE TABLE days (d DATE); INSERT INTO days VALUES
        ('2026-11-19'), ('2026-11-19T00:00:00Z'), ('2026-11-19 07:00:00'), (${Date.UTC(2026, 10, 19) / 1_000}), (2461363.5),
        ('2026-11-18'), ('2026-11-18T23:59:59Z'), ('2026-11-19T01:00:00+02:00'), (NULL)`);
      const column = { name: 'd', dataType: 'DATE' } as const;
      const where = { op: 'compare', column, is: '>=', value: { time: Date.UTC(2026, 10, 19, 12) } } as const;
      const { values } = await measured(rowsOf('days', { where }), [{ key: 'rows', measure: { of: 'rows' } }]);
      expect(values.get('rows')).to.equal(5);
    });
  });

  it('ends a statement at its time limit, and goes on with the next', async () => {
    const hurried = await open(300);
    const session = await hurried.session(context);
    const error = await session.rows(ENDLESS).then(
      () => undefined,
      (reason: unknown) => reason
    );
    expect(error).to.be.instanceOf(StatementTimeout);
    expect(await session.rows('SELECT 1')).to.deep.equal([[1n]]);
    await session.close();
    await hurried.close();
  });

  it('ends a statement when the run is cancelled', async () => {
    const cancelling = new AbortController();
    const session = await source.session({ ...context, signal: cancelling.signal });
    const running = session.rows(ENDLESS).then(
      () => undefined,
      (reason: unknown) => reason
    );
    await sleep(300);
    cancelling.abort(new Error('cancelled'));
    expect(await running).to.have.property('message', 'cancelled');
  });

  it('tells of a change of the file, in rollback and in WAL mode, and of nothing else', async () => {
    const mark = async (): Promise<unknown> =>
      (await source.facts({ database: 'default', schema: 'main' })).tables.get('first')?.changed;
    for (const mode of ['DELETE', 'WAL']) {
      database.pragma(`journal_mode = ${mode}`);
      const before = await mark();
      expect(before).to.have.property('mark');
      expect(await mark()).to.deep.equal(before);
      database.exec('UPDATE first SET a = 1');
      database.exec('INSERT INTO first VALUES (1)');
      expect(await mark(), mode).to.not.deep.equal(before);
    }
  });
});
