import { expect } from 'chai';
import { used } from './lineage-shape.js';

const MANY = 100_000;
const OPEN = '('.repeat(MANY);
const CLOSE = ')'.repeat(MANY);
/** As many as a text has room for with a join in each. */
const FEWER = 30_000;

/** Conditions of `SELECT a FROM t, u WHERE`, with how many joins they make. */
const CONDITIONS: readonly (readonly [string, string, number])[] = [
  ['around a condition', `${OPEN}t.a = 1${CLOSE}`, 0],
  ['around a join', `${OPEN}t.a = u.a${CLOSE}`, 1],
  ['left of a join', `${OPEN}t.a${CLOSE} = u.a`, 1],
  ['right of a join', `t.a = ${OPEN}u.a${CLOSE}`, 1],
  ['each within the next', `${'(t.a = u.a AND '.repeat(FEWER)}t.b = u.b${CLOSE.slice(0, FEWER)}`, 2],
  ['each within the next, negated', `${'NOT (t.a = u.a OR '.repeat(FEWER)}t.b = u.b${CLOSE.slice(0, FEWER)}`, 0],
  ['one after the other', `${'(t.a = u.a) AND '.repeat(FEWER)}(t.b = u.b)`, 2],
  ['left open', `${OPEN}t.a = 1`, 0],
];

describe('Brackets by the ten thousand', () => {
  for (const [where, condition, joins] of CONDITIONS)
    it(`are read ${where}`, () => {
      const lineage = used(`SELECT t.a FROM t, u WHERE ${condition}`, 'mysql');
      expect(lineage.sources.map(({ name }) => name)).to.deep.equal(['t', 'u']);
      expect(lineage.joins).to.have.lengthOf(joins);
    });
});
