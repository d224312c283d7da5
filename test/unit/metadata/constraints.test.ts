import { expect } from 'chai';
import {
  columnConstraint,
  foreignKeyConstraints,
  keyConstraints,
  resolveColumns,
} from '../../../src/metadata/constraints.js';
import type { SourceTable } from '../../../src/sources/index.js';
import { column, table } from './fake-source.js';

const place = { service: 'shop', database: 'default', schema: 'sales' };
const TWO_COLUMNS = [column('a', { nullable: false }), column('b')];

describe('Key constraints', () => {
  it('puts a one-column primary key on its column and on no table constraint', () => {
    const keyed = table('t', { columns: TWO_COLUMNS, primaryKey: ['a'] });
    expect(keyed.columns.map((each) => columnConstraint(keyed, each))).to.deep.equal(['PRIMARY_KEY', 'NULL']);
    expect(keyConstraints(keyed)).to.deep.equal([]);
  });

  it('puts a composite primary key on the table and nothing of it on its members', () => {
    const keyed = table('t', { columns: TWO_COLUMNS, primaryKey: ['a', 'b'] });
    expect(keyed.columns.map((each) => columnConstraint(keyed, each))).to.deep.equal(['NOT_NULL', 'NULL']);
    expect(keyConstraints(keyed)).to.deep.equal([{ constraintType: 'PRIMARY_KEY', columns: ['a', 'b'] }]);
  });

  it('prefers the primary key to a unique key on the same column', () => {
    const keyed = table('t', { primaryKey: ['id'], uniqueKeys: [['id']] });
    expect(columnConstraint(keyed, column('id'))).to.equal('PRIMARY_KEY');
  });

  it('marks a one-column unique key UNIQUE and keeps a wider one on the table', () => {
    const keyed = table('t', { columns: TWO_COLUMNS, uniqueKeys: [['b'], ['a', 'b']] });
    expect(keyed.columns.map((each) => columnConstraint(keyed, each))).to.deep.equal(['NOT_NULL', 'UNIQUE']);
    expect(keyConstraints(keyed)).to.deep.equal([{ constraintType: 'UNIQUE', columns: ['a', 'b'] }]);
  });

  it('drops keys that name a column the table does not have', () => {
    const keyed = table('t', {
      columns: TWO_COLUMNS,
      primaryKey: ['a', 'gone'],
      uniqueKeys: [['b', 'gone']],
      foreignKeys: [{ columns: ['gone'], referred: { schema: 'sales', table: 'o', columns: ['id'] } }],
    });
    expect(keyConstraints(keyed)).to.deep.equal([]);
    expect(foreignKeyConstraints(keyed, place)).to.deep.equal([]);
  });

  it('rewrites column names in constraints as in the columns themselves', () => {
    const keyed = table('t', { columns: [column('x::y'), column('z')], primaryKey: ['x::y', 'z'] });
    expect(keyConstraints(keyed)[0]?.columns).to.deep.equal(['x__reserved__colon__y', 'z']);
  });
});

describe('Foreign keys', () => {
  it('names the referred columns by FQN, in another schema and database too', () => {
    const keyed = table('t', {
      foreignKeys: [{ columns: ['id'], referred: { database: 'other', schema: 'a.b', table: 'o"r', columns: ['k'] } }],
    });
    expect(foreignKeyConstraints(keyed, place)).to.deep.equal([
      {
        referredTable: 'shop.other."a.b".o__reserved__quote__r',
        constraint: {
          constraintType: 'FOREIGN_KEY',
          columns: ['id'],
          referredColumns: ['shop.other."a.b".o__reserved__quote__r.k'],
          relationshipType: 'MANY_TO_ONE',
        },
      },
    ]);
  });

  const cases: { here: Partial<SourceTable>; unique?: boolean; relation: string }[] = [
    { here: { primaryKey: ['id'] }, unique: true, relation: 'ONE_TO_ONE' },
    { here: { uniqueKeys: [['id']] }, relation: 'ONE_TO_ONE' },
    { here: { primaryKey: ['id'] }, unique: false, relation: 'ONE_TO_MANY' },
    { here: {}, unique: true, relation: 'MANY_TO_ONE' },
    { here: { primaryKey: ['id', 'other'] }, relation: 'MANY_TO_ONE' },
    { here: {}, unique: false, relation: 'MANY_TO_MANY' },
  ];
  for (const { here, unique, relation } of cases) {
    const keys = JSON.stringify(here);
    it(`calls a key of a table with ${keys} to ${unique === false ? 'plain' : 'unique'} columns ${relation}`, () => {
      const referred = { schema: 'sales', table: 'o', columns: ['k'], ...(unique === undefined ? {} : { unique }) };
      const keyed = table('t', { foreignKeys: [{ columns: ['id'], referred }], ...here });
      expect(foreignKeyConstraints(keyed, place)[0]?.constraint.relationshipType).to.equal(relation);
    });
  }

  it('compares a composite key with the unique keys as sets', () => {
    const keyed = table('t', {
      columns: TWO_COLUMNS,
      primaryKey: ['b', 'a'],
      foreignKeys: [{ columns: ['a', 'b'], referred: { schema: 'sales', table: 'o', columns: ['x', 'y'] } }],
    });
    expect(foreignKeyConstraints(keyed, place)[0]?.constraint.relationshipType).to.equal('ONE_TO_ONE');
  });
});

describe('The referred column of a key', () => {
  const spelt = (wanted: string, columnCase?: 'any' | 'ascii'): string => {
    const [key] = foreignKeyConstraints(
      table('t', {
        foreignKeys: [
          {
            columns: ['id'],
            referred: { schema: 'sales', table: 'o', columns: [wanted], ...(columnCase && { columnCase }) },
          },
        ],
      }),
      place
    );
    const resolved = key === undefined ? undefined : resolveColumns(key, ['Key', 'ÉTÉ']);
    return resolved !== undefined && 'constraint' in resolved
      ? (resolved.constraint.referredColumns?.[0]?.split('.').at(-1) ?? '')
      : '-';
  };

  it('is spelt as the catalog has it: in any case, of ASCII letters alone, or exactly, as the engine takes it', () => {
    expect([spelt('KEY', 'any'), spelt('été', 'any')]).to.deep.equal(['Key', 'ÉTÉ']);
    expect([spelt('KEY', 'ascii'), spelt('été', 'ascii')]).to.deep.equal(['Key', '-']);
    expect([spelt('KEY'), spelt('Key')]).to.deep.equal(['-', 'Key']);
  });
});
