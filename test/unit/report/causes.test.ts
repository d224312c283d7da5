import { expect } from 'chai';
import { causesOf } from '../../../src/report/causes.js';

describe('Causes of failures', () => {
  it('are what their texts say without names and numbers, those of most failures first', () => {
    const causes = causesOf([
      { entity: 'shop.default.a.t1', error: 'Duplicate column "id" in shop.default.a.t1' },
      { entity: 'shop.default.a.t2', error: 'No answer within 30 s' },
      { entity: 'shop.default.a.t3', error: 'Duplicate column "name" in shop.default.a.t3' },
      { entity: 'v', error: 'No answer within 31 s' },
      { entity: 'shop.default.b.t4', error: "Duplicate column 'x' in shop.default.b.t4" },
    ]);
    expect(causes).to.deep.equal([
      { error: 'Duplicate column "id" in shop.default.a.t1', count: 3 },
      { error: 'No answer within 30 s', count: 2 },
    ]);
  });
});
