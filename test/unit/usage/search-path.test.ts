import { expect } from 'chai';
import { TableFinder } from '../../../src/lineage/index.js';
import { ParserPool } from '../../../src/sql/index.js';
import { parseTexts } from '../../../src/usage/parse-groups.js';
import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';

describe('tables that a statement finds along its search path', () => {
  let om: EdgesCatalog;
  let pool: ParserPool;
  const { signal } = new AbortController();
  const dialect = 'postgres';

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

  const counted = async (text: string): Promise<{ tables: string[]; joins: string[]; unknown: string[] }> => {
    const finder = new TableFinder(om.client, ['s'], { dialect, folding: 'lower' }, signal);
    const group = {
      ...{ text, masked: text, database: 'db', schema: 'public', users: [], newest: { at: 0 } },
      days: [{ day: 0, runs: 1, timed: 0, durationMs: 0, priced: 0, cost: 0 }],
    };
    const { lines, tally } = await parseTexts([group], { pool, finder, dialect, signal });
    const short = (fqn: string): string => fqn.split('.').slice(2).join('.');
    return {
      tables: lines.flatMap(({ tables }) => tables.map(({ fqn, uses }) => `${short(fqn)} ${uses.join('+')}`)),
      joins: lines.flatMap(({ joins }) =>
        joins.map(({ left, column, other }) => `${short(left)}.${column} ${short(other)}`)
      ),
      unknown: Object.keys(tally.unknown),
    };
  };

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
