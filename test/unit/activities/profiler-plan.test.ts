import { expect } from 'chai';
import { planText } from '../../../src/activities/profiler/profiler-commands.js';
import { mayBeRemeasured, type TablePlan } from '../../../src/profiler/index.js';

describe('plan of a profiler recipe', () => {
  const data = {
    ...{ service: 'shop', tables: 1, filtered: 3, statements: 1, rows: 5, bytes: 9 },
    unknown: { rows: 0, bytes: 0 },
    leftOut: [{ fqn: 'shop.s.log', reason: 'views are left out' }],
  };
  const tables = [{ fqn: 'shop.s.a', rows: 5, bytes: 9, statements: 1, sql: ['SELECT 1 FROM a'] }];

  it('names what is left out, with its statements too', () => {
    const lines = ['shop.s.log: left out; views are left out', '… and 2 more left out'];
    expect(planText(data, tables, false, 20).split('\n').slice(-2)).to.deep.equal(lines.map((line) => `  ${line}`));
    expect(planText(data, tables, true, 20).split('\n').slice(2)).to.deep.equal([
      '-- shop.s.a',
      'SELECT 1 FROM a;',
      '',
      ...lines.map((line) => `-- ${line}`),
    ]);
  });

  it('names custom metrics that are not sent, and ends statements that end in a comment', () => {
    const [table] = tables.map((each) => ({
      ...each,
      sql: ['SELECT 6 -- c', '-- counts of bins', 'SELECT 7'],
      refused: ['custom metric bad: DELETE is not a part of a statement that only reads.'],
    }));
    const all = table === undefined ? [] : [table];
    const refusal = 'not sent: custom metric bad: DELETE is not a part of a statement that only reads.';
    expect(
      planText({ ...data, filtered: 0, leftOut: [] }, all, true, 20)
        .split('\n')
        .slice(2)
    ).to.deep.equal([...['-- shop.s.a', 'SELECT 6 -- c', ';', '-- counts of bins', 'SELECT 7;', `-- ${refusal}`]]);
    expect(planText({ ...data, filtered: 0, leftOut: [] }, all, false, 20)).to.contain(`\n    ${refusal}`);
  });

  it('tells tables that get only what costs nothing from those that are left out', () => {
    const large = tables.map((each) => ({ ...each, statements: 0, tooLarge: '5 rows are more than maxRows (4)' }));
    const text = planText(data, large, false, 20);
    expect(text).to.contain('1 table at most (1 of them too large for more than what costs nothing)');
    expect(text).to.contain('shop.s.a: 0 statements, 5 rows; only what costs nothing, as 5 rows are more than maxRows');
  });

  it('says whether one run may send them all', () => {
    const headOf = (budget?: number): string | undefined =>
      planText({ ...data, statements: 50, ...(budget === undefined ? {} : { budget }) }, tables, false, 20).split(
        '\n'
      )[0];
    expect(headOf()).not.to.contain('budget');
    expect(headOf(50)).to.contain('That is within the budget of 50 statements.');
    expect(headOf(20)).to.contain('above the budget of 20 statements: all tables take 3 runs or more');
    const many = Array.from({ length: 8 }, (_, at) => ({ fqn: `shop.s.t${at}`, statements: 3, sql: [] }));
    const head = planText({ ...data, tables: 8, statements: 24, budget: 10 }, many, false, 20);
    expect(head, 'three tables a run').to.contain('all tables take 3 runs or more');
    const odd = planText({ ...data, tables: 8, statements: 24, budget: 8 }, many, false, 20);
    expect(odd, 'two tables a run').to.contain('all tables take 4 runs or more');
  });

  it('says what only the values tell', () => {
    const headOf = (mayTakeMore: number): string =>
      planText({ ...data, mayTakeMore }, tables, false, 20).split('\n')[0] ?? '';
    expect(headOf(0)).not.to.contain('Not counted');
    expect(headOf(1)).to.contain(
      'Not counted, as only the values tell: one or two more of each table whose numbers lie close together or near the ends of doubles (1 table has numbers)'
    );
    const planOf = (kind: string, metrics: readonly string[]): TablePlan =>
      ({ columns: [{ kind, metrics }] }) as unknown as TablePlan;
    expect(mayBeRemeasured(planOf('number', ['min', 'stddev']))).to.equal(true);
    expect(mayBeRemeasured(planOf('number', ['min', 'max']))).to.equal(false);
    expect(mayBeRemeasured(planOf('text', ['stddev']))).to.equal(false);
  });
});
