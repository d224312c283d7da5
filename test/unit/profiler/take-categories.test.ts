import { expect } from 'chai';
import Database from 'libsql';
import { PermanentError } from '../../../src/errors/index.js';
import { Measuring } from '../../../src/measures/index.js';
import { describeProblems } from '../../../src/profiler/describe-problems.js';
import { profileTable, type ProfiledTable } from '../../../src/profiler/profile-table.js';
import { takeCategories } from '../../../src/profiler/take-categories.js';
import type { TablePlan } from '../../../src/profiler/table-plan.js';
import type { Cell } from '../../../src/sources/index.js';
import { sqliteMeasureDialect } from '../../../src/sources/sqlite/measure-dialect.js';

describe('Categories that the engine refuses', () => {
  const names = ['a', 'b', 'bad', 'c', 'worse'];
  const plan = {
    ...{ id: '1', fqn: 's.d.m.t', tableMetrics: ['rowCount'], customMetrics: [] },
    rows: { table: { database: 'default', schema: 'main', table: 't' }, isView: false },
    columns: names.map((name) => ({
      ...{ column: { name, dataType: 'VARCHAR' }, catalogName: name, kind: 'text', customMetrics: [] },
      metrics: ['valuesCount', 'cardinalityDistribution'],
    })),
    ...{ approximatePercentiles: false, approximateDistinct: false, movesWithTime: false },
  } as unknown as TablePlan;
  const database = new Database(':memory:');
  before(() => {
    database.exec(`CREATE TABLE t (${names.join(' TEXT, ')} TEXT)`);
    database.exec(`INSERT INTO t VALUES ('x','x','x','x','x'), ('x','y','x','x','x'), ('y','y','y',NULL,'y')`);
  });
  after(() => void database.close());

  async function profiled(
    refused: readonly string[],
    suspects: readonly string[] = []
  ): Promise<ProfiledTable & { readonly ofCategories: readonly string[] }> {
    const ofCategories: string[] = [];
    const rows = async (sql: string): Promise<Cell[][]> => {
      if (sql.includes(' AS f')) {
        ofCategories.push(names.filter((name) => sql.includes(`"${name}"`)).join());
        if (refused.some((name) => sql.includes(`"${name}"`))) throw new PermanentError('no such order.');
      }
      return database.prepare(sql).raw(true).all() as Cell[][];
    };
    const measuring = new Measuring(
      { rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined },
      { signal: new AbortController().signal }
    );
    const facts = { table: 't', isView: false };
    const told = { dialect: sqliteMeasureDialect, measuring, facts, timestamp: 1, suspects: new Set(suspects) };
    return { ...(await profileTable(plan, told)), ofCategories };
  }
  const having = ({ request }: ProfiledTable): string[] =>
    (request.columnProfile ?? []).flatMap(({ name, cardinalityDistribution: found }) =>
      found === undefined ? [] : [`${name} ${JSON.stringify(found)}`]
    );

  it('cost the column alone, and the report says so', async () => {
    const whole = await profiled([]);
    expect(whole.ofCategories).to.deep.equal([names.join()]);
    expect(having(whole)[0]).to.equal('a {"categories":["x","y"],"counts":[2,1],"percentages":[66.67,33.33]}');
    const found = await profiled(['bad']);
    expect(having(found)).to.deep.equal(having(whole).filter((each) => !each.startsWith('bad ')));
    expect(found.request.columnProfile?.map(({ valuesCount }) => valuesCount)).to.deep.equal([3, 3, 3, 2, 3]);
    expect(describeProblems(plan, found.missing)).to.deep.equal([
      'column bad has no cardinalityDistribution: no such order.',
    ]);
    expect(found.suspects).to.deep.equal(['categories bad']);
  });

  it('are asked for again one column a run, in turn, and no other statement is split', async () => {
    const first = await profiled(['bad', 'worse']);
    expect(first.suspects).to.deep.equal(['categories bad', 'categories worse']);
    const second = await profiled(['bad', 'worse'], first.suspects);
    expect(second.ofCategories).to.deep.equal(['bad', 'a,b,c']);
    expect(second.suspects).to.deep.equal(['categories worse', 'categories bad']);
    const third = await profiled(['bad'], second.suspects);
    expect(third.ofCategories).to.deep.equal(['worse', 'a,b,c']);
    expect(third.suspects).to.deep.equal(['categories bad']);
    expect(having(third).map((each) => each.split(' ')[0])).to.deep.equal(['a', 'b', 'c', 'worse']);
  });
});

describe('Categories of long texts', () => {
  const database = new Database(':memory:');
  before(() => void database.exec('CREATE TABLE t (a TEXT)'));
  after(() => void database.close());

  it('are cut in the statement, by whole characters, and differ', async () => {
    const [long, wide] = ['x'.repeat(1_000_000), '🚀'.repeat(256)];
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    for (const value of [`${long}1`, `${long}1`, `${long}2`, wide, `${wide}🚀`, `a\0${long}`]) insert.run(value);
    const column = { name: 'a', dataType: 'TEXT' } as const;
    const plan = {
      ...{ id: '1', fqn: 's.d.m.t', tableMetrics: [], customMetrics: [], approximateDistinct: false },
      rows: { table: { database: 'default', schema: 'main', table: 't' }, isView: false },
      columns: [{ column, catalogName: 'a', kind: 'text', customMetrics: [], metrics: ['cardinalityDistribution'] }],
    } as unknown as TablePlan;
    let longest = 0;
    const rows = async (sql: string): Promise<Cell[][]> => {
      const found = database.prepare(sql).raw(true).all() as Cell[][];
      for (const [, value] of found) longest = Math.max(longest, Buffer.from(value as string).length);
      return found;
    };
    const counted = new Map([
      ['values a', 6],
      ['distinct a', 5],
    ]);
    const told = { dialect: sqliteMeasureDialect, measuring: { rows } };
    const found = await takeCategories(plan, counted, told, new Map());
    expect(longest).to.equal(4 * 257);
    const categories = [...found.values()][0]?.cardinalityDistribution;
    const cut = `${'x'.repeat(255)}…`;
    expect(categories).to.deep.include({ counts: [2, 1, 1, 1, 1] });
    expect(new Set(categories !== undefined && 'categories' in categories ? categories.categories : [])).to.deep.equal(
      new Set([cut, `${cut} (2)`, wide, `${'🚀'.repeat(255)}…`, `a\0${'x'.repeat(253)}…`])
    );
  });
});
