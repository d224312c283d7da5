import { expect } from 'chai';
import { chosenSchemas, parseLineage, textUpToRefused, type SqlSession } from '../../../src/sql/index.js';

function chosenSchema(text: string, session?: SqlSession): string | undefined {
  return chosenSchemas(text, 'mysql', session).at(-1);
}

describe('the schema that a text of MySQL chooses', () => {
  it('is that of its last USE, whatever stands around it', () => {
    for (const text of [
      ...[
        'use gr',
        ' USE\tgr ;',
        'use`gr`',
        'use "gr"',
        'use/**/gr',
        'use /*! gr */',
        '/*!40000 use gr */',
        '/*!use gr*/',
      ],
      ...['/*!40000use gr*/', 'select 1#x\n; use gr', 'set statement max_statement_time = 1 for use gr'],
      ...['/* a */ use gr', '-- a\nuse gr', '# a\nuse gr', 'use gr -- ; use gq', '/*!999999\\- x */ use gr'],
      ...['use gq; use gr; select 1', "select ';'; use gr", "select '\\'; use gq'; use gr", '/* a /* b */ use gr'],
    ])
      expect(chosenSchema(text), text).to.equal('gr');
    expect(chosenSchema('use `a``b`')).to.equal('a`b');
    expect(chosenSchema('use $db')).to.equal('$db');
  });

  it('is none where a string or comment has a USE, or where the server refuses it', () => {
    for (const text of [
      ...[
        "select ';use gr;'",
        "insert into t values ('x; use gr')",
        'select 1 /* ; use gr; */',
        'select 1 -- ; use gr',
      ],
      ...[
        'select `; use gr`',
        '/*!99999999 use gr */',
        '-- use gr',
        'select 1 from t use index (i)',
        "use 'gr'",
        'use gr.t',
      ],
    ])
      expect(chosenSchema(text), text).to.equal(undefined);
  });
});

describe('comments of MySQL for a version that no server has', () => {
  it('are comments, with an end of their own for one inside', () => {
    for (const comment of ['/*!999999\\- enable the sandbox mode */', '/*!99999999 x */', '/*!99999 a /* b */ c */']) {
      const { sources, doubts } = parseLineage(`${comment} select * from t`, 'mysql');
      expect([sources.map(({ name }) => name), doubts], comment).to.deep.equal([['t'], []]);
    }
    const run = parseLineage('/*!90500 select * from t */', 'mysql');
    expect(run.sources.map(({ name }) => name)).to.deep.equal(['t']);
  });

  it('is the last of which the server runs anything, where it is refused', () => {
    const ran = (sql: string): string => textUpToRefused(sql, 'mysql', (schema) => schema === 'nope');
    expect(ran('select 1; use nope; use gr; select * from t')).to.equal('select 1; use nope');
    expect(ran('select 1 from `use`; use `nope` -- x\n; use gr')).to.equal('select 1 from `use`; use `nope`');
    for (const whole of [
      'use gr; select * from t',
      "select '; use nope'; select 1",
      'select * from t use index (nope)',
    ])
      expect(ran(whole)).to.equal(whole);
  });
});
