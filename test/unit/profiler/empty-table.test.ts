import { expect } from 'chai';
import Database from 'libsql';
import { compileMeasures, Measuring, probeSql, type Ask } from '../../../src/measures/index.js';
import type { Cell, Measure, MeasureDialect, RowSet } from '../../../src/sources/index.js';
import { snowflakeMeasureDialect } from '../../../src/sources/snowflake/measure-dialect.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

const rows: RowSet = { table: { database: 'd', schema: 'main', table: 't' }, isView: false };

function asksOf(...names: readonly string[]): Ask[] {
  const columns = names.map((name) => ({ name, dataType: 'INT' }) as const);
  const measures: Measure[] = columns.flatMap((column): Measure[] => [
    ...[{ of: 'values', column } as const, { of: 'min', column } as const, { of: 'sum', column } as const],
    ...[{ of: 'distinct', column } as const, { of: 'unique', column } as const],
    { of: 'percentile', column, fraction: 0.5 },
  ]);
  const keyed = measures.map((measure) => ({
    key: `${measure.of} ${'column' in measure ? measure.column.name : ''}`,
    measure,
  }));
  return [{ key: 'rows', measure: { of: 'rows' } }, ...keyed];
}

/** What is measured, and the statements that were sent. */
async function take(
  dialect: MeasureDialect,
  asks: readonly Ask[],
  answer: (sql: string) => Cell[][]
): Promise<{ values: Record<string, unknown>; sent: readonly string[] }> {
  const sent: string[] = [];
  const read = async (sql: string): Promise<Cell[][]> => {
    sent.push(sql);
    return answer(sql);
  };
  const session = { rows: read, query: async () => ({ columns: [], rows: [] }), close: async () => undefined };
  const measuring = new Measuring(session, { signal: new AbortController().signal });
  const { values } = await measuring.take(compileMeasures(dialect, rows, asks), probeSql(dialect, rows));
  return { values: Object.fromEntries(values), sent };
}

describe('A table without rows', () => {
  const database = new Database(':memory:');
  before(() => void database.exec('CREATE TABLE t (a INT, b INT)'));
  after(() => void database.close());
  const answered = (sql: string): Cell[][] => database.prepare(sql).raw(true).all() as Cell[][];
  const none = { 'values a': 0, 'min a': null, 'sum a': null, 'distinct a': 0, 'unique a': 0, 'percentile a': null };

  it('takes one statement, and has the values that the others would give', async () => {
    const { values, sent } = await take(sqliteMeasureDialect, asksOf('a'), answered);
    expect(sent).to.have.length(1);
    expect(values).to.deep.equal({ rows: 0, ...none });
    const [, grouped] = compileMeasures(sqliteMeasureDialect, rows, asksOf('a')).statements;
    const read = Object.fromEntries(grouped?.read(answered(grouped.sql)) ?? []);
    expect(values).to.include(read).and.not.deep.equal(read);
  });

  it('needs no warehouse of Snowflake, as its metadata has the count', async () => {
    const { values, sent } = await take(snowflakeMeasureDialect, asksOf('a'), () => [[0, 0, null]]);
    expect(sent).to.have.length(1);
    expect(sent[0]).to.not.contain('SUM');
    expect(values).to.deep.equal({ rows: 0, ...none });
  });

  it('is not one of rows that are NULL in a column: of that one alone nothing more is asked', async () => {
    database.exec('INSERT INTO t (b) VALUES (5), (NULL)');
    const { values, sent } = await take(sqliteMeasureDialect, asksOf('a', 'b'), answered);
    expect(sent).to.have.length(2);
    expect(sent[1]).to.contain('"b"').and.not.contain('"a"');
    expect(values).to.deep.equal({
      ...{ rows: 2, ...none },
      ...{ 'values b': 1, 'min b': 5, 'sum b': 5, 'distinct b': 1, 'unique b': 1, 'percentile b': 5 },
    });
  });
});
