import { expect } from 'chai';
import { TableFinder } from '../../../src/lineage/index.js';
import type { NameFolding } from '../../../src/sources/index.js';
import { ParserPool, type Dialect } from '../../../src/sql/index.js';
import { edgesCatalog, type EdgesCatalog } from '../lineage/catalog.js';
import { countedText, type CountedText } from './counted-text.js';

describe('tables that a statement counts for', () => {
  let om: EdgesCatalog;
  let pool: ParserPool;
  const { signal } = new AbortController();

  before(async () => {
    om = await edgesCatalog();
    pool = new ParserPool({ threads: 1 });
    for (const name of ['Both', 'both', 'lower', 'UPPER', 'Twin', 'tWIN']) await om.add(`s.db.public.${name}`);
  });
  after(async () => {
    await pool.close();
    await om.close();
  });

  const counted = (text: string, dialect: Dialect, folding: NameFolding, exactNames?: true): Promise<CountedText> =>
    countedText(text, 's.db.public.', { om, pool, dialect, folding, exactNames });

  it('are those of the very case where quoted names keep theirs', async () => {
    expect(await counted('SELECT 1 FROM "Both"', 'postgres', 'lower')).to.deep.include({ tables: ['Both accessed'] });
    expect(await counted('SELECT 1 FROM BOTH', 'postgres', 'lower')).to.deep.include({ tables: ['both accessed'] });
    expect(await counted('SELECT 1 FROM "Both" JOIN both ON "Both".id = both.x', 'postgres', 'lower')).to.deep.equal({
      tables: ['Both accessed', 'both accessed'],
      joins: ['Both.id both.x'],
      unknown: [],
    });
    expect(await counted('SELECT 1 FROM "both", upper, "lower"', 'snowflake', 'upper')).to.deep.include({
      tables: ['UPPER accessed', 'both accessed', 'lower accessed'],
    });
    expect(await counted('DELETE FROM "Both"; SELECT 1 FROM both', 'postgres', 'lower')).to.deep.include({
      tables: ['Both updated', 'both accessed'],
    });
    expect(await counted('SELECT 1 FROM both; TRUNCATE "Both"', 'postgres', 'lower')).to.deep.include({
      tables: ['Both updated', 'both accessed'],
    });
  });

  it('are none when only a table of another case is there', async () => {
    expect(await counted('SELECT 1 FROM "Lower"', 'postgres', 'lower')).to.deep.equal({
      ...{ tables: [], joins: [], unknown: ['db.public.Lower'] },
    });
    expect(await counted('SELECT 1 FROM upper', 'postgres', 'lower')).to.deep.include({ unknown: ['db.public.upper'] });
    expect(await counted('SELECT 1 FROM "upper", lower', 'snowflake', 'upper')).to.deep.include({
      unknown: ['db.public.LOWER', 'db.public.upper'],
    });
    expect(await counted('TRUNCATE TABLE Lower', 'mysql', 'as-written', true)).to.deep.include({
      unknown: ['db.public.Lower'],
    });
  });

  it('are none when the name is one of another server', async () => {
    const text =
      'SELECT 1 FROM [SRV1].[db].[public].[lower] l JOIN UPPER u ON u.id = l.id JOIN db..both b ON b.id = u.id';
    expect(await counted(text, 'tsql', 'as-written')).to.deep.equal({
      tables: ['UPPER accessed', 'both accessed'],
      joins: ['UPPER.id both.id'],
      unknown: ['SRV1.db.public.lower'],
    });
  });

  it('are found ignoring case where the engine does, or may do', async () => {
    expect(await counted('SELECT 1 FROM "LOWER"', 'redshift', 'as-written')).to.deep.include({
      tables: ['lower accessed'],
    });
    // OpenMetadata's own connector writes Oracle's names in lower case
    expect(await counted('SELECT 1 FROM lower JOIN Upper ON lower.id = upper.x', 'oracle', 'as-written')).to.deep.equal(
      {
        tables: ['UPPER accessed', 'lower accessed'],
        joins: ['UPPER.x lower.id'],
        unknown: [],
      }
    );
    expect(await counted('SELECT 1 FROM `Lower`', 'mysql', 'as-written')).to.deep.include({
      tables: ['lower accessed'],
    });
  });

  it('are none when no rule tells which of two is meant', async () => {
    expect(await counted('SELECT 1 FROM twin', 'mysql', 'as-written')).to.deep.include({ unknown: ['db.public.twin'] });
    expect(await counted('SELECT 1 FROM Twin', 'mysql', 'as-written')).to.deep.include({ tables: ['Twin accessed'] });
  });

  it('have the column that a name without quotes means, of two that differ by case', async () => {
    await om.add('s.db.public.columns', ['id', 'Id', 'ID']);
    const idIn = async (folding: NameFolding): Promise<string | undefined> => {
      const finder = new TableFinder(om.client, ['s'], { dialect: 'ansi', folding }, signal);
      return (await finder.byFqn('s.db.public.columns'))?.columns.fqnOf('id');
    };
    expect(await idIn('lower')).to.equal('s.db.public.columns.id');
    expect(await idIn('upper')).to.equal('s.db.public.columns.ID');
  });

  it('are joined by the very column of two that differ by case only', async () => {
    await om.add('s.db.public.pair', ['id', 'Id']);
    await om.add('s.db.public.upper_pair', ['ID', 'Id']);
    await om.add('s.db.public.lone', ['key', 'Other']);
    const joins = async (text: string, dialect: Dialect, folding: NameFolding): Promise<readonly string[]> =>
      (await counted(text, dialect, folding)).joins;
    const pair = 'SELECT 1 FROM pair p JOIN both b ON p."Id" = b.x AND p.id = b.id';
    expect(await joins(pair, 'postgres', 'lower')).to.deep.equal(['both.x pair.Id', 'both.id pair.id']);
    expect(await joins(pair, 'redshift', 'as-written')).to.deep.equal(['both.x pair.id', 'both.id pair.id']);
    // Columns that only the catalog tells the table of.
    const loose = 'SELECT 1 FROM pair JOIN lone ON "Id" = key JOIN both ON pair.id = both.id';
    expect(await joins(loose, 'postgres', 'lower')).to.deep.equal(['lone.key pair.Id', 'both.id pair.id']);
    expect(await joins('SELECT 1 FROM pair JOIN lone ON pair."ID" = lone."KEY"', 'postgres', 'lower')).to.deep.equal(
      []
    );
    const upper = 'SELECT 1 FROM "upper_pair" p JOIN "both" b ON p."Id" = b."x" AND p.id = b."id"';
    expect(await joins(upper, 'snowflake', 'upper')).to.deep.equal(['both.x upper_pair.Id', 'both.id upper_pair.ID']);
    // OpenMetadata's own connector writes Oracle's names in lower case.
    const oracle = 'SELECT 1 FROM pair JOIN lone ON pair."ID" = lone."KEY" AND pair."Id" = lone."Other"';
    expect(await joins(oracle, 'oracle', 'as-written')).to.deep.equal(['lone.key pair.id', 'lone.Other pair.Id']);
  });

  it('are found where the place of the log is in another case', async () => {
    const finder = new TableFinder(om.client, ['s'], { dialect: 'snowflake', folding: 'upper' }, signal);
    const [found] = await finder.findAll([{ parts: ['lower'], database: 'DB', schema: 'Public', exact: true }]);
    expect(found?.map(({ fqn }) => fqn)).to.deep.equal(['s.db.public.lower']);
    const many = Array.from({ length: 20 }, (_, n) => ({
      parts: [`t${n}`],
      database: 'db',
      schema: 'public',
      exact: true,
    }));
    const listed = await finder.findAll([...many, { ...many[0], parts: ['LOWER'], exact: true }]);
    expect(listed.flat()).to.deep.equal([]);
  });

  it('are those of the default schema where the name leaves it out', async () => {
    expect(await counted('SELECT 1 FROM db..lower', 'tsql', 'as-written')).to.deep.include({
      tables: ['lower accessed'],
    });
    expect(await counted('TRUNCATE TABLE db..lower; SELECT 1 FROM db..[both]', 'tsql', 'as-written')).to.deep.include({
      ...{ tables: ['both accessed', 'lower updated'], unknown: [] },
    });
  });
});
