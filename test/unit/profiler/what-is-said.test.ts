import { expect } from 'chai';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { nothingSelected } from '../../../src/profiler/nothing-selected.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';

describe('What a profile says of measures without a value', () => {
  const plan = {
    columns: ['gone', 'half'].map((name) => ({
      column: { name, dataType: 'INT' },
      catalogName: name,
      kind: 'number',
      metrics: ['min', 'max', 'sum', 'median', 'histogram'],
      customMetrics: [],
    })),
  } as unknown as TablePlan;

  it('is one line a column, however many measures it has', () => {
    const unknown = "Unknown column 'gone'";
    const problems = new Map([
      ...['min', 'max', 'sum', 'median', 'q1', 'q3', 'values'].map((each) => [`${each} gone`, unknown] as const),
      ...(['sum half', 'below 0 half', 'below 1 half'] as const).map((each) => [each, 'out of range'] as const),
      ['custom metric own', 'its SELECT gave no number'] as const,
    ]);
    expect(describeProblems(plan, problems)).to.deep.equal([
      `column gone has no values: ${unknown}`,
      'column half has no sum, histogram: out of range',
      'custom metric own has no value: its SELECT gave no number',
    ]);
  });
});

describe('A recipe whose patterns select no table', () => {
  async function note(config: object): Promise<string> {
    const page = async function* (names: readonly string[]): AsyncGenerator<readonly object[]> {
      yield names.map((fqn) => ({ name: fqn.split('.').at(-1), fullyQualifiedName: fqn, tags: [] }));
    };
    const client = {
      profiles: {
        databases: () => page(['s.default']),
        schemas: () => page(['s.default.shop', 's.default.other']),
        tables: (schema: string) => page([`${schema}.orders`, `${schema}.customers`]),
      },
    } as unknown as Parameters<typeof nothingSelected>[0]['client'];
    const recipe = { source: { serviceName: 's', sourceConfig: { config } } } as unknown as ProfilerRecipe;
    return nothingSelected({ client, recipe, signal: new AbortController().signal });
  }

  it('says which tables the schemas have that are selected', async () => {
    const config = { schemaFilterPattern: { includes: ['^shop$'] }, tableFilterPattern: { includes: ['^order$'] } };
    const reason = 'filtered by tableFilterPattern.includes, none of which matches';
    expect(await note(config)).to.equal(
      `The filter patterns select no table. The schemas that are selected have s.default.shop.orders (${reason}), s.default.shop.customers (${reason}).`
    );
  });

  it('says which schemas there are if none is selected', async () => {
    expect(await note({ schemaFilterPattern: { includes: ['^shoop$'] } })).to.equal(
      'The filter patterns select no schema. The catalog has the schemas s.default.shop, s.default.other.'
    );
  });
});
