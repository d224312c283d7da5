import { expect } from 'chai';
import { snowflakeMeasureDialect } from '../../../../src/sources/snowflake/measure-dialect.js';
import type { RowSet, Sample } from '../../../../src/sources/index.js';

const ROWS: RowSet = { table: { database: 'D', schema: 'S', table: 'T' }, isView: false };
const half: Sample = { by: 'percentage', percent: 50, method: 'SYSTEM', seed: 7 };
const from = (more: Partial<RowSet>): string => snowflakeMeasureDialect.from({ ...ROWS, sample: half, ...more }, 'all');

describe('A sample of rows in Snowflake', () => {
  it('is of whole blocks where the recipe says SYSTEM, and of rows where it says nothing, by a seed', () => {
    expect(from({})).to.equal('FROM "D"."S"."T" SAMPLE SYSTEM (50) SEED (7)');
    expect(from({ sample: { by: 'percentage', percent: 50, seed: 7 } })).to.include('SAMPLE BERNOULLI (50) SEED (7)');
  });

  it('is of rows and without a seed of views and of texts of users, which take no other', () => {
    expect(from({ isView: true })).to.equal('FROM "D"."S"."T" SAMPLE BERNOULLI (50)');
    expect(from({ query: 'SELECT 1 AS X' })).to.equal('FROM (SELECT 1 AS X\n) SAMPLE BERNOULLI (50)');
  });

  it('of a number of rows is taken of the partition', () => {
    const column = { name: 'N', dataType: 'INT' } as const;
    expect(
      from({ sample: { by: 'rows', rows: 9, randomized: true, seed: 7 }, where: { op: 'isNull', column } })
    ).to.equal('FROM (SELECT * FROM "D"."S"."T" WHERE "N" IS NULL) SAMPLE ROW (9 ROWS)');
  });
});
