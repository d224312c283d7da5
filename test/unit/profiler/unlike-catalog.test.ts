import { expect } from 'chai';
import { asDoubles } from '../../../src/profiler/exact-values.js';
import { onlyCounted } from '../../../src/profiler/unlike-catalog.js';
import type { TablePlan } from '../../../src/profiler/index.js';
import type { MeasureValue } from '../../../src/sources/index.js';

const PLAN = {
  columns: ['a', 'b'].map((name) => ({
    ...{ column: { name, dataType: 'INT' }, catalogName: name, kind: 'number', customMetrics: [] },
    metrics: ['valuesCount', 'min', 'max', 'mean', 'histogram'],
  })),
} as unknown as TablePlan;

const countedOf = (max: MeasureValue): { metrics: readonly (readonly string[])[]; remark?: string | undefined } => {
  const { plan, remark } = onlyCounted(
    PLAN,
    new Map<string, MeasureValue>([
      ['min a', 3],
      ['max a', max],
      ['max b', 5],
    ])
  );
  return { metrics: plan.columns.map(({ metrics }) => metrics), remark };
};

describe('A column that is one of numbers in OpenMetadata and none in the source', () => {
  const [all = []] = PLAN.columns.map(({ metrics }) => metrics);

  it('is only counted, and the report says what to do', () => {
    for (const text of ['abc', '2024-01-31', '1 apple']) {
      const { metrics, remark } = countedOf(text);
      expect(metrics, text).to.deep.equal([['valuesCount'], all]);
      expect(remark).to.match(/only counted: a\. Run the metadata workflow/);
    }
  });

  it('is not one that holds NaN, infinities or long decimals', () => {
    for (const text of [5, 'NaN', '-Infinity', '12345678901234567890.5', null])
      expect(countedOf(text).metrics, String(text)).to.deep.equal([all, all]);
  });

  it('is seen where all digits are asked for, too', () => {
    const measure = { of: 'max', column: { name: 'a', dataType: 'INT' }, exact: true } as const;
    const read = (value: string): MeasureValue | undefined =>
      asDoubles([{ key: 'max a', measure }], new Map([['max a', value]]), new Map()).get('max a');
    expect(read('abc')).to.equal('abc');
    expect(read('NaN')).to.equal(null);
    expect(read('12.5')).to.equal(12.5);
  });
});
