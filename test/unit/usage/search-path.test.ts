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

  it('are new ones in the first schema, and renamed ones where they are', async () => {
    expect(
      await counted('SET search_path = x, dbo; CREATE TABLE b AS SELECT 1 AS id FROM a; INSERT INTO b SELECT id FROM a')
    ).to.deep.equal({ tables: ['x.a accessed'], joins: [], unknown: ['db.x.b'] });
    expect(
      (await counted('SET search_path = x, dbo; INSERT INTO x.b SELECT id FROM a; SELECT 1 FROM b')).tables
    ).to.deep.equal(['dbo.b accessed', 'x.a accessed']);
    expect((await counted('SET search_path = x, y; ALTER TABLE c RENAME TO d')).tables).to.deep.equal(['y.c updated']);
  });
});
