import { expect } from 'chai';
import { composeColumn } from '../../../src/profiler/compose-column.js';
import { keyOf } from '../../../src/profiler/profile-asks.js';
import type { ColumnPlan } from '../../../src/profiler/table-plan.js';

describe("a column's metrics that are made of others", () => {
  const plan = {
    ...{ column: { name: 'a', dataType: 'DOUBLE' }, catalogName: 'a', kind: 'number' },
    ...{ metrics: ['nonParametricSkew'], customMetrics: [] },
  } as unknown as ColumnPlan;

  it('have a skew where the distance of mean and median is no double', () => {
    const values = { mean: 1.2e308, median: -1.6e308, stddev: 1.4e308 } as const;
    const known = new Map(Object.entries(values).map(([name, value]) => [keyOf(plan, name as 'mean'), value]));
    expect(composeColumn(plan, known, 0).nonParametricSkew).to.be.closeTo(2, 1e-12);
  });
});
