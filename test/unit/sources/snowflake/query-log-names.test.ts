import { expect } from 'chai';
import {
  calledProcedure,
  columnName,
  tableNames,
  writtenTable,
} from '../../../../src/sources/snowflake/history/query-log-names.js';

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

  const written = (text: string, isCut = false): string | undefined => {
    const table = writtenTable(text, { database: 'DB', schema: 'SCH', isCut });
    return typeof table === 'object' ? table.join('|') : table;
  };

  it('of tables that a statement writes are read however they are written, completed by where it ran', () => {
    for (const [text, table] of [
      ['insert into t values (1)', 'DB|SCH|T'],
      ['insert into s.t(a) select 1', 'DB|S|T'],
      ['insert into d..t values (1)', 'D|PUBLIC|T'],
      ['INSERT OVERWRITE INTO "Mixed ""q"""."a.b" WITH c AS (SELECT 1) SELECT * FROM c', 'DB|Mixed "q"|a.b'],
      [`insert into identifier('d.s."T y"') (a) values (1)`, 'D|S|T y'],
      [`delete from identifier ( 's.t' ) where a = 1`, 'DB|S|T'],
      ['insert into /* job 7 */ d.s.t values (1)', 'D|S|T'],
      ['insert /* a */ overwrite -- b\n into // c\n s . t values (1)', 'DB|S|T'],
      ['-- {"app": "dbt"}\nmerge /* dbt */ into d.s.t as q using x on q.a = x.a when matched then delete', 'D|S|T'],
      [
        "merge into t using (select 'insert into y values (1)') x on true when matched then update set a = 1",
        'DB|SCH|T',
      ],
      ['update /*x*/ t set a = x.b from x where x.c = t.c', 'DB|SCH|T'],
      ['delete from t using x where x.c = t.c', 'DB|SCH|T'],
      ['delete from t;', 'DB|SCH|T'],
      ['copy /* p */ into t (a, b) from (select $1, $2 from @stage/x)', 'DB|SCH|T'],
      ["copy into s.t from 's3://bucket/x'", 'DB|S|T'],
      ['update first set a = 1', 'DB|SCH|FIRST'],
    ] as const)
      expect(written(text), text).to.equal(table);
  });

  it('of tables that a statement writes need no more of a text than its beginning, and none that may be cut', () => {
    expect(written("insert into t values (1, 'a', (", true)).to.equal('DB|SCH|T');
    expect(written("merge into s.t q using (select 'a", true)).to.equal('DB|S|T');
    expect(written('copy into t from (select', true)).to.equal('DB|SCH|T');
    expect(written('update d.s.t set', true)).to.equal('D|S|T');
    for (const text of ['insert into d.s', 'insert into d.s.t', 'delete from d.s.t /* all', 'insert /* long', 'upd'])
      expect(written(text, true), text).to.equal(undefined);
  });

  it('of tables that a statement writes stay unknown where it has a variable for them, or several', () => {
    for (const text of [
      'insert into identifier($t) values (1)',
      'insert into identifier(:t) select 1',
      'merge into identifier(?) using x on true when matched then delete',
      'insert all into a values (1) into b values (2) select 1',
      'insert overwrite first when n > 1 then into a else into b select n from x',
      'insert into a.b.c.d values (1)',
      'call p()',
    ])
      expect(written(text), text).to.equal(undefined);
    const nowhere = { database: 'DB', schema: undefined, isCut: false };
    expect(writtenTable('insert into t values (1)', nowhere)).to.equal(undefined);
    expect(writtenTable('insert into s.t values (1)', nowhere)).to.deep.equal(['DB', 'S', 'T']);
    expect(written('insert all when a > 1 then into s.t select a from x'), 'one of one').to.equal('DB|S|T');
  });

  it('of files that a statement writes are of no table', () => {
    const unloads = ['copy into @stage/x from t', "copy into 's3://bucket' from (select 1)"];
    expect(unloads.map((text) => written(text))).to.deep.equal(['file', 'file']);
  });
});
