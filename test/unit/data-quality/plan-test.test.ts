import { expect } from 'chai';
import { planCases, type TestCase, type TestDefinition, type TestOutcome } from '../../../src/data-quality/index.js';
import type { Measure } from '../../../src/data-quality/measure.js';
import { definitionOf } from '../../../src/data-quality/server-records.js';
import { BUILT_IN_TESTS } from '../../../src/local-catalog/seed/test-definitions.js';
import { testDefinitionRecord } from '../../../src/openmetadata/index.js';

const TABLE = {
  fqn: 's.d.m.t',
  columns: ['INT', 'NUMERIC'].map((dataType, at) => ({ name: 'an'[at] ?? '', dataType, tags: [] })),
};

/** As a server has it; of 2.1 those of columns have a threshold. */
function definition(name: string, more: Partial<TestDefinition> = {}): TestDefinition {
  return { ...definitionOf(testDefinitionRecord.parse({ ...BUILT_IN_TESTS.get(name), id: name })), ...more };
}

function withThreshold(name: string): TestDefinition {
  const plain = definition(name);
  const parameters = [
    ...plain.parameters,
    { name: 'threshold', dataType: 'NUMBER' },
    { name: 'thresholdUnit', optionValues: ['ABSOLUTE', 'PERCENTAGE'] },
  ];
  return { ...plain, parameters };
}

/** @param counts answers of a table of ten rows, by what is asked */
function outcomeOf(
  known: TestDefinition,
  parameters: Record<string, string>,
  counts: (measure: Measure) => number = () => 0,
  more: Partial<TestCase> = {}
): TestOutcome {
  const testCase: TestCase = {
    id: 'x',
    name: 'x',
    fqn: 's.d.m.t.x',
    tableFqn: 's.d.m.t',
    ...(known.level === 'column' ? { column: 'a' } : {}),
    definition: known.name,
    parameterValues: Object.entries(parameters).map(([name, value]) => ({ name, value })),
    computePassedFailedRowCount: false,
    useDynamicAssertion: false,
    dimensionColumns: [],
    topDimensions: 5,
    ...more,
  };
  const [planned] = planCases([testCase], new Map([[known.name, known]]), TABLE);
  if (planned?.plan.kind === 'done') return planned.plan.outcome;
  const test = planned?.plan.test;
  if (test?.kind === 'query') return test.judge(0, undefined);
  if (test?.kind !== 'measured') throw new Error('neither measured nor a query');
  return test.judge({
    value: (measure) => (measure.kind === 'rowCount' ? 10 : counts(measure)),
    stored: (_, written) => written,
  });
}

describe('the plan of a test', () => {
  it('is Aborted for an operator that there is not, naming it and those there are', () => {
    const custom = definition('tableCustomSQLQuery');
    const { status, text } = outcomeOf(custom, { sqlExpression: 'SELECT 1', operator: '=<' });
    expect(status).to.equal('Aborted');
    expect(text).to.contain('parameter operator is "=<". Allowed: <, <=, >, >=, ==, !=.');
    expect(outcomeOf(custom, { sqlExpression: 'SELECT 1', operator: ' != ' }).text).to.contain('return != 0 row(s)');
    expect(outcomeOf(custom, { sqlExpression: 'SELECT 1', operator: '' }).text).to.contain('return <= 0 row(s)');
  });

  const thresholds: readonly [threshold: string, unit: string | undefined, status: string, text: RegExp][] = [
    [
      '2',
      undefined,
      'Success',
      /^Found nullCount=2\. It should be 0\. 2 row\(s\) fail, the threshold is 2 row\(s\)\.$/,
    ],
    ['1', 'ABSOLUTE', 'Failed', /2 row\(s\) fail, the threshold is 1 row\(s\)/],
    ['20', 'PERCENTAGE', 'Success', /the threshold is 20 percent of the rows/],
    ['19.9', 'percentage', 'Failed', /the threshold is 19\.9 percent of the rows/],
    ['0', 'PERCENTAGE', 'Failed', /^Found nullCount=2\. It should be 0$/],
    ['-1', undefined, 'Aborted', /parameter threshold is -1; it must not be negative/],
    ['101', 'PERCENTAGE', 'Aborted', /parameter threshold is 101 percent; at most 100/],
    ['few', undefined, 'Aborted', /parameter threshold is "few", not a number/],
    ['1', 'ROWS', 'Aborted', /parameter thresholdUnit is "ROWS"\. Allowed: ABSOLUTE, PERCENTAGE/],
  ];
  for (const [threshold, unit, status, text] of thresholds)
    it(`of two failing rows of ten with threshold ${threshold} ${unit ?? ''} is ${status}`, () => {
      const found = outcomeOf(
        withThreshold('columnValuesToBeNotNull'),
        { threshold, ...(unit === undefined ? {} : { thresholdUnit: unit }) },
        () => 2
      );
      expect(found.text).to.match(text);
      expect(found.status).to.equal(status);
    });

  it('has no threshold where the definition of the server has none, and none of a statistic, which has no failing rows', () => {
    expect(outcomeOf(definition('columnValuesToBeNotNull'), { threshold: '2' }, () => 2).text).to.contain(
      'parameter threshold is not one of this test'
    );
    const max = withThreshold('columnValueMaxToBeBetween');
    expect(outcomeOf(max, { maxValueForMaxInCol: '1', threshold: '5' }, () => 2).status).to.equal('Failed');
  });

  it('is Aborted, with the reason, for a dynamic assertion and for a column that is gone or of another type', () => {
    const known = definition('columnValueMaxToBeBetween');
    const text = (more: Partial<TestCase>, other = known): string => outcomeOf(other, {}, () => 1, more).text;
    expect(text({ useDynamicAssertion: true })).to.match(/^Error computing x: it uses a dynamic assertion/);
    expect(text({ column: 'b' })).to.contain('the column b is not in the table s.d.m.t');
    expect(text({}, { ...known, supportedDataTypes: ['DATE'] })).to.contain(
      'is of type INT; columnValueMaxToBeBetween takes DATE'
    );
  });

  it('takes a column whose type has another name than the one that its definition knows', () => {
    const known = definition('columnValueMaxToBeBetween', { supportedDataTypes: ['DECIMAL'] });
    expect(outcomeOf(known, { minValueForMaxInCol: '0' }, () => 1, { column: 'n' }).status).to.equal('Success');
  });
});
