import { expect } from 'chai';
import { calledProcedure, columnName, tableNames } from '../../../../src/sources/snowflake/history/query-log-names.js';

describe('Snowflake: names in the query log', () => {
  it('of tables are taken apart as Snowflake quotes them, and only those of a table in a schema', () => {
    expect(tableNames('ANALYTICS.RAW.ORDERS')).to.deep.equal(['ANALYTICS', 'RAW', 'ORDERS']);
    expect(tableNames('ANALYTICS.RAW."Mixed ""Case"".x"')).to.deep.equal(['ANALYTICS', 'RAW', 'Mixed "Case".x']);
    expect(tableNames('RAW.ORDERS')).to.equal(undefined);
    expect(tableNames('A.B.C.D')).to.equal(undefined);
  });

  it('of columns lose their quotes', () => {
    expect(['ID', '"camelCol"', '"a""b"', '"'].map(columnName)).to.deep.equal(['ID', 'camelCol', 'a"b', '"']);
  });

  it('of procedures come from the CALL, completed by where it ran', () => {
    const inSchema = (text: string): unknown => calledProcedure(text, 'DB', 'SCH');
    expect(inSchema("CALL FINANCE.LEDGER.POST_ORDERS('2024-04-03')")).to.deep.equal([
      'FINANCE',
      'LEDGER',
      'POST_ORDERS',
    ]);
    expect(inSchema('/* nightly */ -- load\n call ledger . post_orders ()')).to.deep.equal([
      'DB',
      'LEDGER',
      'POST_ORDERS',
    ]);
    expect(inSchema('call "Post.Orders"(1)')).to.deep.equal(['DB', 'SCH', 'Post.Orders']);
    expect(inSchema("call identifier('ledger.post')(1)")).to.deep.equal(['DB', 'LEDGER', 'POST']);
  });

  it('of procedures stay unknown without a place, and for what is no CALL', () => {
    expect(calledProcedure('CALL POST_ORDERS()', 'DB', undefined)).to.equal(undefined);
    expect(calledProcedure('SELECT CALL(1)', 'DB', 'SCH')).to.equal(undefined);
    expect(calledProcedure('', 'DB', 'SCH')).to.equal(undefined);
  });
});
