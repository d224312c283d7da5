import { expect } from 'chai';
import { ParserPool } from '../../../src/sql/index.js';
import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';
import { countedText, type CountedText } from './counted-text.js';

describe('tables that a statement finds along its search path', () => {
  let om: EdgesCatalog;
  let pool: ParserPool;

  before(async () => {
    om = await edgesCatalog();
    pool = new ParserPool({ threads: 1 });
    for (const name of ['public.a', 'x.a', 'dbo.b', 'dbo.a', 'y.c', 'y.b'])
      await om.add(`s.db.${name}`, ['id', `only_${name.replace('.', '_')}`]);
  });
  after(async () => {
    await pool.close();
    await om.close();
  });

  const counted = (text: string): Promise<CountedText> =>
    countedText(text, 's.db.', { om, pool, dialect: 'postgres', folding: 'lower' });

  it('are those of the first schema that has them, with their columns', async () => {
    expect(
      await counted('SET LOCAL search_path = x, dbo; SELECT 1 FROM a JOIN b ON only_x_a = only_dbo_b')
    ).to.deep.equal({
      tables: ['dbo.b accessed', 'x.a accessed'],
      joins: ['dbo.b.only_dbo_b x.a.only_x_a'],
      unknown: [],
    });
    expect(
      await counted('SET search_path = "$user", none, y, dbo; DELETE FROM a; SELECT 1 FROM c, b WHERE c.id = b.id')
    ).to.deep.equal({
      tables: ['dbo.a updated', 'y.b accessed', 'y.c accessed'],
      joins: ['y.b.id y.c.id'],
      unknown: [],
    });
  });

  it('are told as of the first schema where none has them', async () => {
    expect(await counted('SET search_path = y, x; SELECT 1 FROM a JOIN z ON a.id = z.id')).to.deep.equal({
      tables: ['x.a accessed'],
      joins: [],
      unknown: ['db.y.z'],
    });
  });

  const own: readonly (readonly [string, ...string[]])[] = [
    ['CREATE TEMP TABLE b AS SELECT id FROM x.a; SET search_path = y; INSERT INTO b SELECT id FROM c', 'x.a', 'y.c'],
    ['CREATE TEMP TABLE b AS SELECT id FROM x.a; SET search_path = y; SELECT * FROM b', 'x.a'],
    ['CREATE TEMP TABLE b (LIKE x.a); SET search_path = y; INSERT INTO b SELECT id FROM c', 'x.a', 'y.c'],
    ['CREATE TEMP VIEW b AS SELECT id FROM x.a; SET search_path = y; SELECT * FROM b', 'x.a'],
    ['SELECT id INTO TEMP b FROM x.a; SET search_path = y, dbo; UPDATE b SET id = 1; SELECT * FROM b', 'x.a'],
    ['CREATE TABLE pg_temp.b (id int); SET search_path = y; DELETE FROM b; TRUNCATE b; DROP TABLE b'],
    ['CREATE TEMP TABLE q (id int); ALTER TABLE q RENAME TO b; SET search_path = y; SELECT * FROM b'],
    ['SET search_path = x; CREATE TEMP TABLE b AS SELECT id FROM a; SET search_path = dbo; SELECT * FROM b', 'x.a'],
    ['DO $$ BEGIN CREATE TEMP TABLE b AS TABLE x.a; SET LOCAL search_path = y; DELETE FROM b; END $$', 'x.a'],
    [
      'SET search_path = y; DROP TABLE IF EXISTS b; CREATE TEMP TABLE b (id int); INSERT INTO b SELECT id FROM c',
      'y.c',
    ],
  ];
  for (const [text, ...tables] of own)
    it(`are never the namesakes of the session's own: ${text}`, async () => {
      expect((await counted(text)).tables).to.deep.equal(tables.map((table) => `${table} accessed`));
    });

  const others: readonly (readonly [string, ...string[]])[] = [
    ['CREATE TEMP TABLE b (id int); SET search_path = y; DROP TABLE b; SELECT * FROM b', 'y.b accessed'],
    ['CREATE TEMP TABLE b (id int); SET search_path = y; SELECT * FROM b; DELETE FROM y.b', 'y.b updated'],
    ['SET search_path = y; CREATE TEMP TABLE b AS SELECT id FROM b; DELETE FROM b', 'y.b accessed'],
    ['SET search_path = y; CREATE TEMP TABLE b (id int); DROP TABLE b; DELETE FROM b', 'y.b updated'],
    ['SET search_path = y; CREATE TEMP TABLE b (id int); ALTER TABLE b RENAME TO q; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = y; BEGIN; CREATE TEMP TABLE b (id int) ON COMMIT DROP; END; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = y; BEGIN; CREATE TEMP TABLE b (id int); ROLLBACK; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = y; CREATE TEMP TABLE b (id int); DISCARD TEMP; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = y; CREATE FUNCTION f() AS $$ CREATE TEMP TABLE b (id int) $$; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = x, y; CREATE TABLE b AS SELECT 1 AS id; DROP TABLE b; SELECT * FROM b', 'y.b accessed'],
  ];
  for (const [text, ...tables] of others)
    it(`are the catalog's where none of the session's is there: ${text}`, async () => {
      expect((await counted(text)).tables).to.deep.equal(tables);
    });

  const behind: readonly (readonly [string, ...string[]])[] = [
    [
      'SET search_path = y, pg_temp; CREATE TEMP TABLE b AS SELECT id FROM x.a; SELECT * FROM b',
      'x.a accessed',
      'y.b accessed',
    ],
    ['SET search_path = y, pg_temp; CREATE TEMP TABLE b (id int); DELETE FROM b', 'y.b updated'],
    ['SET search_path = none, y, "pg_temp"; CREATE TEMP TABLE b (id int); SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = x, pg_temp, y; CREATE TEMP TABLE b AS SELECT id FROM y.c; SELECT * FROM b', 'y.c accessed'],
    ['SET search_path = x, pg_temp; CREATE TEMP TABLE b AS SELECT id FROM a; SELECT * FROM b', 'x.a accessed'],
    ['SET search_path = pg_temp, y; CREATE TEMP TABLE b AS SELECT id FROM c; SELECT * FROM b', 'y.c accessed'],
    ['SET search_path = y, pg_temp; CREATE TEMP TABLE b AS SELECT id FROM c; SELECT * FROM pg_temp.b', 'y.c accessed'],
    [
      "SELECT set_config('search_path', 'y, pg_temp', false); CREATE TEMP TABLE b (id int); SELECT * FROM b",
      'y.b accessed',
    ],
    [
      'SET search_path = y, pg_temp; CREATE TEMP TABLE b AS SELECT id FROM x.a; SET search_path = y; SELECT * FROM b',
      'x.a accessed',
    ],
  ];
  for (const [text, ...tables] of behind)
    it(`stand before the session's own where the path says so, and else not: ${text}`, async () => {
      expect((await counted(text)).tables).to.deep.equal(tables);
    });

  const dropped: readonly (readonly [string, ...string[]])[] = [
    ['SET search_path = dbo, y; DROP TABLE b; SELECT * FROM b', 'dbo.b updated', 'y.b accessed'],
    ['SET search_path = dbo, none, y; DROP TABLE IF EXISTS b; SELECT * FROM b', 'dbo.b updated', 'y.b accessed'],
    ['SET search_path = dbo, y; DROP TABLE dbo.b; DELETE FROM b', 'dbo.b updated', 'y.b updated'],
    ['SET search_path = dbo, y; ALTER TABLE b RENAME TO q; SELECT * FROM b', 'y.b accessed'],
    ['SET search_path = dbo, y; BEGIN; DROP TABLE b; ROLLBACK; SELECT * FROM b', 'dbo.b accessed+updated'],
    ['SET search_path = dbo, y; CREATE FUNCTION f() AS $$ DROP TABLE b $$; SELECT * FROM b', 'dbo.b accessed'],
    [
      'SET search_path = dbo, y; DROP TABLE b; CREATE TABLE b AS SELECT id FROM c; SELECT * FROM y.b',
      'dbo.b created',
      'y.b accessed',
      'y.c accessed',
    ],
  ];
  for (const [text, ...tables] of dropped)
    it(`are those of later schemas once the first one is dropped: ${text}`, async () => {
      expect((await counted(text)).tables).to.deep.equal(tables);
    });

  it('are those that the text has renamed', async () => {
    const text = 'SET search_path = x, y; CREATE TABLE q AS SELECT 1 AS id; ALTER TABLE q RENAME TO b; SELECT * FROM b';
    expect((await counted(text)).tables).to.deep.equal([]);
  });

  it('are new ones in the first schema, and renamed ones where they are', async () => {
    expect(
      await counted('SET search_path = x, dbo; CREATE TABLE b AS SELECT 1 AS id FROM a; INSERT INTO b SELECT id FROM a')
    ).to.deep.equal({ tables: ['x.a accessed'], joins: [], unknown: ['db.x.b'] });
    expect(
      (await counted('SET search_path = x, dbo; INSERT INTO x.b SELECT id FROM a; SELECT 1 FROM b')).tables
    ).to.deep.equal(['dbo.b accessed', 'x.a accessed']);
    const renamed = 'SET search_path = x, y; ALTER TABLE c ADD k INT; ALTER TABLE c RENAME TO d';
    expect((await counted(renamed)).tables).to.deep.equal(['y.c updated']);
  });
});
