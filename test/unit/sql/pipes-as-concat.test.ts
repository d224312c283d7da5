import { expect } from 'chai';
import { parseLineage, TextReader, type LineageOptions } from '../../../src/sql/index.js';

function joins(sql: string, options: LineageOptions = {}): readonly string[] {
  return parseLineage(sql, 'mysql', options).joins.map(
    ({ left, right }) => `${left.table}.${left.column} = ${right.table}.${right.column}`
  );
}

const ALONE = 'SELECT 1 FROM a JOIN b ON a.x = b.y || b.z';
const BESIDE = 'SELECT 1 FROM a JOIN b ON a.id = b.id && a.x = b.y || b.z';
const QUOTED = 'SELECT 1 FROM "a" JOIN b ON a.id = b.id && a.x = b.y || b.z';

describe('`||` of MySQL', () => {
  it('joins texts where the session says so, and `&&` stays AND', () => {
    for (const pipesAsConcat of [undefined, false]) {
      const options = pipesAsConcat === undefined ? {} : { pipesAsConcat };
      expect(joins(ALONE, options)).to.deep.equal(['a.x = b.y']);
    }
    expect(joins(ALONE, { pipesAsConcat: true })).to.deep.equal([]);
    expect(joins(BESIDE, { pipesAsConcat: true })).to.deep.equal(['a.id = b.id']);
  });

  it('joins texts that have names in double quotes, unless the session says otherwise', () => {
    expect(joins(QUOTED)).to.deep.equal(['a.id = b.id']);
    expect(joins(QUOTED, { pipesAsConcat: true })).to.deep.equal(['a.id = b.id']);
    expect(joins(QUOTED, { pipesAsConcat: false })).to.deep.equal(['a.id = b.id', 'a.x = b.y']);
  });

  it('is read by itself for each, and joins texts in other dialects whatever is said', () => {
    const reader = new TextReader();
    const counts = [true, false, true].map(
      (pipesAsConcat) => reader.read(ALONE, 'mysql', { pipesAsConcat }).joins.length
    );
    expect(counts).to.deep.equal([0, 1, 0]);
    expect(parseLineage(ALONE, 'postgres', { pipesAsConcat: false }).joins).to.deep.equal([]);
  });
});
