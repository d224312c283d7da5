import { expect } from 'chai';
import { toCell } from '../../../../src/sources/snowflake/to-cell.js';
import type { DriverColumn } from '../../../../src/sources/snowflake/session/driver.js';

const column = (type: 'fixed' | 'real' | 'date' | 'ntz' | 'ltz'): DriverColumn => ({
  getName: () => 'C',
  getType: () => type,
  isNumber: () => type === 'fixed' || type === 'real',
  isDate: () => type === 'date',
  isTime: () => false,
  isTimestampNtz: () => type === 'ntz',
  getScale: () => 0,
});
/** As the driver makes it. */
const time = (text: string, nanos: number): Date => Object.assign(new Date(text), { getNanoSeconds: () => nanos });

describe('a cell of Snowflake', () => {
  it('has all digits of a time, and none that say nothing', () => {
    const last = time('2031-07-12T01:47:25.123Z', 123_456_789);
    expect(toCell(last, column('ntz'))).to.equal('2031-07-12T01:47:25.123456789');
    expect(toCell(last, column('ltz'))).to.equal('2031-07-12T01:47:25.123456789Z');
    expect(toCell(time('1969-12-31T23:59:59.000Z', 7_000), column('ntz'))).to.equal('1969-12-31T23:59:59.000007');
    expect(toCell(time('2031-07-12T01:47:25.500Z', 500_000_000), column('ntz'))).to.equal('2031-07-12T01:47:25.5');
    expect(toCell(time('2031-07-12T00:00:00Z', 0), column('ntz'))).to.equal('2031-07-12T00:00:00');
    expect(toCell(time('2031-07-12T00:00:00Z', 0), column('date'))).to.equal('2031-07-12');
  });

  it('keeps as text what a double can not hold', () => {
    expect(toCell('123.5', column('fixed'))).to.equal(123.5);
    expect(toCell('9007199254740993', column('fixed'))).to.equal('9007199254740993');
    expect(toCell('NULL', column('fixed'))).to.equal(null);
    expect(toCell('12', column('ltz'))).to.equal('12');
  });

  it('is a number for each double, of whatever digits', () => {
    expect(toCell('-191045.25033492176', column('real'))).to.equal(-191045.25033492176);
    expect(toCell('0.1000000000000000055', column('real'))).to.equal(0.1);
    expect(toCell('1.7e+308', column('real'))).to.equal(1.7e308);
    expect(toCell('NaN', column('real'))).to.equal('NaN');
    expect(toCell('-inf', column('real'))).to.equal('-inf');
    expect(toCell('NULL', column('real'))).to.equal(null);
  });
});
