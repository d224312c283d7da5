import { expect } from 'chai';
import { PreparedStatements } from '../../../../src/sources/mysql/query-log-prepared.js';
import { sqlMode } from '../../../../src/sources/mysql/thread-modes.js';

const MODE = sqlMode('');

/** For each execution: its schema, and whether the server repeated it. Rows are `schema command: body`. */
function executions(...rows: readonly string[]): readonly (readonly [schema: string | undefined, repeated: boolean])[] {
  const statements = new PreparedStatements();
  return rows.flatMap((row) => {
    const [, schema = '', command = '', body = ''] = /^(\w+) ([^:]+): (.*)$/.exec(row) ?? [];
    const { place, isRepeated } = statements.follow('1', command, body, { schema, mode: MODE });
    return command === 'Execute' ? [[place.schema, isRepeated] as const] : [];
  });
}

describe('prepared statements of a general log', () => {
  it('run in the schema where a text was prepared last', () => {
    expect(
      executions('gq Prepare: select ?, a-?', 'gr Execute: select X, a--5', 'gr Execute: select NULL, a-1e3')
    ).to.deep.equal([
      ['gr', false],
      ['gq', false],
    ]);
    expect(executions('gq Prepare: select a', 'gr Prepare: select a', 'gs Execute: select a')).to.deep.equal([
      ['gr', false],
    ]);
    expect(executions('gq Prepare: select a', 'gr Change user: x', 'gr Execute: select a')).to.deep.equal([
      ['gr', false],
    ]);
  });

  it('are executed once where the server prepares them anew in between, and twice where the client does', () => {
    const anew = ['gq Prepare: select ?', 'gr Execute: select 1', 'gr Prepare: select ?', 'gr Execute: select 1'];
    expect(executions(...anew, 'gr Prepare: select ?', 'gr Execute: select 1')).to.deep.equal([
      ['gq', false],
      ['gq', true],
      ['gq', true],
    ]);
    expect(executions(...anew, 'gr Execute: select 1').at(-1)).to.deep.equal(['gq', false]);
    for (const between of ['Close stmt: ', "Query: prepare a from 'select ?'"]) {
      const [first = '', second = '', ...others] = anew;
      expect(executions(first, second, `gr ${between}`, ...others)).to.deep.equal([
        ['gq', false],
        ['gr', false],
      ]);
      expect(executions(first, second, others[0] ?? '', `gr ${between}`, others[1] ?? '').at(-1)?.[1]).to.equal(false);
    }
    expect(executions(...anew.slice(0, 3), 'gr Execute: select 2').at(-1)).to.deep.equal(['gq', false]);
  });
});
