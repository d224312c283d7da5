import { expect } from 'chai';
import { listTables, type ListInput } from '../../../src/profiler/list-tables.js';
import { planHash } from '../../../src/profiler/plan-hash.js';
import { PartRecorder } from '../../../src/report/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

const VALUES = ['mean', 'stddev', 'sum'].map((each) => `${each} b`);
const OTHERS = ['values', 'finite', 'distinct', 'unique', 'min', 'max', 'q1', 'median', 'q3'].map(
  (each) => `${each} b`
);

describe('statements that are set apart for a table of which something was refused before', () => {
  /** Of a view with the numbers a and b. */
  async function planned(suspects: readonly string[]): Promise<readonly string[]> {
    const page = async function* (records: readonly object[]): AsyncGenerator<readonly object[]> {
      yield records;
    };
    const container = (fqn: string): object => ({ id: fqn, name: fqn.split('.').at(-1), fullyQualifiedName: fqn });
    const columns = ['a', 'b'].map((name) => ({ name, dataType: 'INT', tags: [], customMetrics: [] }));
    const table = { ...container('s.d.m.seen'), tableType: 'View', tags: [], customMetrics: [], columns };
    let hash = '';
    let statements: readonly string[] = [];
    const list = (remembered: ListInput['remembered']): Promise<unknown> =>
      listTables({
        client: {
          profiles: {
            databases: () => page([container('s.d')]),
            schemas: () => page([container('s.d.m')]),
            tables: () => page([table]),
          },
        } as unknown as ListInput['client'],
        recipe: {
          source: {
            ...{ type: 'sqlite', serviceName: 's' },
            sourceConfig: { config: { computeTableMetrics: true, computeColumnMetrics: true, includeViews: true } },
          },
          processor: { config: {} },
          workflowConfig: { config: { profiler: { budget: { statements: 24 } } } },
        } as unknown as ListInput['recipe'],
        ...{ signal: new AbortController().signal, recorder: new PartRecorder(), remembered },
        settings: { server: undefined, now: 1 },
        source: {
          dialect: sqliteMeasureDialect,
          facts: async () => ({ asOf: 1, tables: new Map([['seen', { table: 'seen', isView: true }]]) }),
        },
        onPlanned: (plan, texts) => {
          hash = planHash(plan);
          statements = texts;
        },
      });
    await list(new Map());
    await list(new Map([['s.d.m.seen', { hash, asOf: 1, timestamp: 1, suspects: [...suspects] }]]));
    return statements;
  }

  const isOfMultiples = (sql: string): boolean => sql.endsWith('of multiples, as the source refused them before');

  it('are one for multiples of a column whose mean, stddev and sum were refused', async () => {
    expect((await planned(VALUES)).filter(isOfMultiples)).to.have.length(1);
    expect((await planned([])).filter(isOfMultiples)).to.have.length(0);
  });

  it('are none for multiples of a column all of which was refused: it shows no values', async () => {
    const statements = await planned([...OTHERS, ...VALUES]);
    expect(statements.filter(isOfMultiples)).to.have.length(0);
    expect(statements, 'one that asks again').to.have.length((await planned([])).length + 1);
  });
});
