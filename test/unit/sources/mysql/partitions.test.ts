import { expect } from 'chai';
import { partitionOf } from '../../../../src/sources/mysql/partitions.js';
import type { SourceColumn } from '../../../../src/sources/index.js';

const COLUMNS: readonly SourceColumn[] = [
  { name: 'id', dataType: 'INT', dataTypeDisplay: 'int', nullable: false },
  { name: 'made', dataType: 'DATE', dataTypeDisplay: 'date', nullable: true },
];

function partition(method: string, body: string | null, primaryKey?: readonly string[]): unknown {
  return partitionOf({ tableName: 't', fact: 'partition', name: method, body }, COLUMNS, primaryKey)?.columns;
}

describe('Partitions of a MySQL table', () => {
  const cases = [
    ['RANGE', 'year(`made`)', [{ columnName: 'made', intervalType: 'TIME-UNIT', interval: 'YEAR' }]],
    ['RANGE', 'to_days(`made`)', [{ columnName: 'made', intervalType: 'TIME-UNIT', interval: 'DAY' }]],
    ['RANGE', '`id`', [{ columnName: 'id', intervalType: 'INTEGER-RANGE' }]],
    ['RANGE COLUMNS', '`made`', [{ columnName: 'made', intervalType: 'TIME-UNIT' }]],
    ['LIST', '`id`', [{ columnName: 'id', intervalType: 'COLUMN-VALUE' }]],
    ['LINEAR HASH', '`id` + 1', [{ columnName: 'id', intervalType: 'OTHER', interval: 'LINEAR HASH' }]],
  ] as const;
  for (const [method, expression, expected] of cases) {
    it(`by ${method} (${expression})`, () => {
      expect(partition(method, expression)).to.deep.equal(expected);
    });
  }

  it('by KEY () are those of the primary key', () => {
    const expected = [{ columnName: 'id', intervalType: 'OTHER', interval: 'KEY' }];
    expect(partition('KEY', '', ['id'])).to.deep.equal(expected);
    expect(partition('KEY', null, ['id'])).to.deep.equal(expected);
  });

  it('are left out when they name no column: SYSTEM_TIME', () => {
    expect(partition('SYSTEM_TIME', null, ['id'])).to.equal(undefined);
  });
});
