import { expect } from 'chai';
import { namesInText } from '../../../src/sql/index.js';

describe('names in a text', () => {
  const used = (sql: string, session = {}): string[] =>
    namesInText(sql, 'mysql', session)
      .filter(({ use }) => use !== 'other')
      .map(({ schema, name, use }) => `${schema ?? '-'}.${name} ${use}`);

  it('have their schema, and whether a bracket follows or CALL stands before', () => {
    expect(used('select a./* x */f(1), `b` . `g``h` (2), fö(3), c.1f(4)')).to.deep.equal([
      ...['a.f bracketed', 'b.g`h bracketed', '-.fö bracketed', 'c.1f bracketed'],
    ]);
    expect(used('select 1; call/* x */ a.p; CALL `q`(f())')).to.deep.equal([
      ...['a.p called', '-.q called', '-.f bracketed'],
    ]);
    expect(used(`select 'a.f(1)', "b.g(2)", a.call, call_.x -- h(3)`)).to.deep.equal([]);
  });

  it('have the first of three parts, too', () => {
    const [name] = namesInText('call a . `b`.c', 'mysql').filter(({ use }) => use === 'called');
    expect(name).to.deep.equal({ outer: 'a', schema: 'b', name: 'c', use: 'called' });
  });

  it('stand in double quotes where the session says so', () => {
    expect(used('select "f"(1), "a"."call"', { ansiQuotes: true })).to.deep.equal(['-.f bracketed']);
    expect(used('call "a"."p"', { ansiQuotes: true })).to.deep.equal(['a.p called']);
  });
});
