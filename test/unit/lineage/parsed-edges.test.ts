import { expect } from 'chai';
import type { LogRecord } from '../../../src/sources/index.js';
import { countsOf } from '../../../src/report/index.js';
import { EdgesLab } from './edges-lab.js';
import { query, type LineageRun, type RunSettings } from './lineage-run.js';

describe('edges of a query log', () => {
  let lab: EdgesLab;

  before(async () => {
    lab = await EdgesLab.open();
    await lab.om.add('s.default.shop.orders', ['id', 'total', 'Placed_At']);
    await lab.om.add('s.default.shop.lines', ['order_id', 'price']);
    await lab.om.add('s.default.mart.daily', ['id', 'total', 'placed_at', 'price']);
    await lab.om.add('s.default.eu.events', ['id', 'x']);
    await lab.om.add('s.default.us.events', ['id', 'y']);
    await lab.om.add('s.SALES.PUBLIC.ORDERS', ['ID', 'TOTAL']);
    await lab.om.add('s.SALES.PUBLIC.DAILY', ['ID', 'TOTAL']);
    await lab.om.add('other.lake.raw.clicks', ['id', 'total']);
  });
  after(() => lab.close());

  const lineage = (settings?: RunSettings): LineageRun => lab.lineage(settings);
  const edgesOf = async (texts: readonly string[], settings: RunSettings = {}): Promise<string[]> =>
    (await lineage(settings).through(texts.map((text) => query(text)))).edgeTexts();

  it('take the columns of an INSERT without a list from the table, in its order', async () => {
    expect(await edgesOf(['INSERT INTO mart.daily SELECT order_id, price, NULL, price FROM `lines`'])).to.deep.equal([
      'lines > daily: order_id→id price→price price→total',
    ]);
  });

  it('are none of a run that failed, and one of the same text that ended well', async () => {
    const text = 'INSERT INTO mart.daily (id) SELECT id FROM orders';
    const failed = { ...query(text), aborted: true };
    expect(await (await lineage().through([failed])).edgeTexts()).to.deep.equal([]);
    expect(await (await lineage().through([failed, query(text)])).edgeTexts()).to.deep.equal(['orders > daily: id→id']);
  });

  it('pair the columns of SELECT * by name, ignoring case', async () => {
    expect(await edgesOf(['CREATE TABLE mart.daily AS SELECT * FROM orders'])).to.deep.equal([
      'orders > daily: id→id Placed_At→placed_at total→total',
    ]);
  });

  it('place unqualified columns of a join by the tables that have them', async () => {
    const text = 'INSERT INTO mart.daily (id, price) SELECT id, price FROM orders JOIN `lines` ON order_id = id';
    expect(await edgesOf([text])).to.deep.equal(['lines > daily: price→price', 'orders > daily: id→id']);
  });

  it('drop columns that a table does not have, and keep the edge', async () => {
    expect(await edgesOf(['INSERT INTO mart.daily (id, nothing) SELECT id, total FROM orders'])).to.deep.equal([
      'orders > daily: id→id',
    ]);
  });

  it('find tables along the search path of their text', async () => {
    const postgres: RunSettings = { dialect: 'postgres', folding: 'lower' };
    expect(
      await edgesOf(
        ['SET search_path = mart, "shop"; INSERT INTO daily (id, price) SELECT id, price FROM orders, lines'],
        postgres
      )
    ).to.deep.equal(['lines > daily: price→price', 'orders > daily: id→id']);
    expect(
      await edgesOf(['SET search_path = shop, mart; CREATE TABLE daily AS SELECT * FROM orders'], postgres)
    ).to.deep.equal([]);
  });

  it('follow tables that only the text makes', async () => {
    const text =
      'CREATE TEMPORARY TABLE t AS SELECT id, total AS sum FROM orders; INSERT INTO mart.daily (id, total) SELECT id, sum FROM t';
    expect(await edgesOf([text])).to.deep.equal(['orders > daily: id→id total→total']);
  });

  it('keep the SQL of the application, where a driver sent it', async () => {
    const run = await lineage({ dialect: 'tsql' }).through([
      query("exec sp_executesql N'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > 5',N'@p0 int',@p0=1"),
    ]);
    expect((await run.edges()).map(({ sql }) => sql)).to.deep.equal([
      'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > ?',
    ]);
    expect((await run.lines()).flatMap((line) => (line.kind === 'query' ? [line.text] : []))).to.deep.equal([
      'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > ?',
    ]);
  });

  it('of a table that a later text renames are those of its new name', async () => {
    const texts = [
      'INSERT INTO mart.daily_new (id, total) SELECT id, total FROM orders',
      'RENAME TABLE mart.daily TO mart.daily_old, mart.daily_new TO mart.daily',
    ];
    expect(await edgesOf(texts)).to.deep.equal(['orders > daily: id→id total→total']);
  });

  it('come of a block that runs and of a trigger, not of a procedure that is only stored', async () => {
    const block = 'BEGIN NOT ATOMIC INSERT INTO mart.daily (id) SELECT id FROM orders; END';
    const trigger =
      'CREATE TRIGGER t AFTER INSERT ON orders FOR EACH ROW INSERT INTO mart.daily (total) VALUES (NEW.total)';
    expect(await edgesOf([block])).to.deep.equal(['orders > daily: id→id']);
    expect(await edgesOf([trigger])).to.deep.equal(['orders > daily: total→total']);
  });

  it('leave a note of texts that were not understood, masked, and count those that gave none', async () => {
    const run = await lineage().through([
      query("INSERT INTO mart.daily (id) SELEKT id FRM orders WHERE k = 'secret'"),
      query('MERGE INTO mart.daily USING )) garbage'),
      query('INSERT INTO orders SELECT * FROM orders'),
      query('INSERT INTO mart.daily (id) SELECT id FROM orders'),
    ]);
    const notes = (await run.facts('merged')).notes.join('\n');
    expect(notes).to.contain('2 SQL texts were not understood to the end');
    expect(notes)
      .to.contain('SELEKT id FRM orders WHERE k = ?')
      .and.to.contain('MERGE INTO mart.daily USING )) garbage');
    expect(notes).to.contain('1 SQL text writes a table from others and gave no edge');
    expect(notes).not.to.contain('secret');
  });

  it('are none of a table with itself, of a file, and of a procedure that is only stored', async () => {
    const texts = [
      'INSERT INTO orders SELECT * FROM orders',
      "LOAD DATA INFILE '/tmp/x.csv' INTO TABLE orders",
      'CREATE PROCEDURE p() BEGIN INSERT INTO mart.daily SELECT * FROM orders; END',
    ];
    expect(await edgesOf(texts)).to.deep.equal([]);
  });

  it('resolve a name without a schema to all tables it may be, an edge each with its own columns', async () => {
    const run = await lineage().through([
      {
        kind: 'query',
        text: 'INSERT INTO mart.daily (id, price, total) SELECT id, x, y FROM events',
        database: 'default',
      },
    ]);
    expect(
      (await run.edges()).map(({ from, columns }) => [from, columns.map(({ fromColumns }) => fromColumns[0])])
    ).to.deep.equal([
      ['s.default.eu.events', ['s.default.eu.events.id', 's.default.eu.events.x']],
      ['s.default.us.events', ['s.default.us.events.id', 's.default.us.events.y']],
    ]);
  });

  it('fold unquoted names as the dialect stores them, and find names in another case by the search', async () => {
    const place = { database: 'SALES', schema: 'PUBLIC' };
    const text = 'insert into daily select id, total from public.orders';
    const snowflake = await lineage({ dialect: 'snowflake', folding: 'upper' }).through([query(text, 'PUBLIC', place)]);
    expect(await snowflake.edgeTexts()).to.deep.equal(['ORDERS > DAILY: ID→ID TOTAL→TOTAL']);
    expect(await edgesOf(['INSERT INTO MART.DAILY (id) SELECT ID FROM ORDERS'])).to.deep.equal([
      'orders > daily: id→id',
    ]);
  });

  it("come from Snowflake's own table once its temporary namesake is dropped by its whole name", async () => {
    const place = { database: 'SALES', schema: 'PUBLIC' };
    const edges = async (dropped: string): Promise<string[]> => {
      const text = `create temp table orders as select total as id from lake; drop table ${dropped}; insert into daily (id) select id from orders`;
      const run = await lineage({ dialect: 'snowflake', folding: 'upper' }).through([query(text, 'PUBLIC', place)]);
      return run.edgeTexts();
    };
    expect(await edges('sales.public.orders')).to.deep.equal(['ORDERS > DAILY: ID→ID']);
    expect(await edges('public.orders')).to.deep.equal(['ORDERS > DAILY: ID→ID']);
    expect(await edges('eu.orders')).to.deep.equal([]);
  });

  it('survive names that no catalog can hold', async () => {
    expect(
      await edgesOf(['INSERT INTO `` SELECT * FROM `""`', 'INSERT INTO mart.daily (id) SELECT id FROM orders'])
    ).to.have.length(1);
  });

  it('are none of a stored procedure that storedProcedureFilterPattern leaves out', async () => {
    const ran = (name: string, table: string): LogRecord =>
      query(`INSERT INTO ${table} (id) SELECT id FROM orders`, 'shop', { procedure: ['default', 'shop', name] });
    const filters = { storedProcedureFilterPattern: { includes: ['nightly.*'] } };
    const run = await lineage({ filters }).through([ran('nightly_1', 'mart.daily'), ran('adhoc', 'eu.events')]);
    expect((await run.edges()).map(({ to }) => to)).to.deep.equal(['s.default.mart.daily']);
  });

  it('reach into other services when asked to, as cross-database lineage', async () => {
    const text = 'INSERT INTO mart.daily (id) SELECT id FROM raw.clicks';
    expect(await edgesOf([text])).to.deep.equal([]);
    const run = await lineage({ services: ['s', 'other'] }).through([query(text)]);
    expect((await run.edges()).map(({ from, source }) => [from, source])).to.deep.equal([
      ['other.lake.raw.clicks', 'CrossDatabaseLineage'],
    ]);
  });

  it('go through tables of other texts by enableTempTableLineage, all ways in one edge with its steps', async () => {
    const texts = [
      'CREATE TABLE tmp.a AS SELECT id, total FROM orders',
      'CREATE TABLE tmp.b AS SELECT id, total FROM tmp.A',
      'INSERT INTO mart.daily (id) SELECT id FROM tmp.b',
      'INSERT INTO mart.daily (total) SELECT total FROM tmp.b',
      'INSERT INTO mart.daily (price) SELECT total FROM orders',
    ];
    expect(await edgesOf(texts)).to.deep.equal(['orders > daily: total→price']);
    const run = await lineage({ keepUnknown: true }).through(texts.map((text) => query(text)));
    expect(await run.edgeTexts()).to.deep.equal(['orders > daily: id→id total→price total→total']);
    const [edge] = await run.edges();
    expect(edge?.steps?.map(([, to]) => to.toLowerCase())).to.deep.equal([
      'default.tmp.a',
      'default.tmp.b',
      's.default.mart.daily',
    ]);
  });

  it('follow a script step by step by enableTempTableLineage', async () => {
    const texts = [
      'CREATE TEMPORARY TABLE t AS SELECT id FROM orders; INSERT INTO eu.events (id) SELECT id FROM t',
      'INSERT INTO mart.daily (id) SELECT id FROM t',
    ];
    expect(await edgesOf(texts, { keepUnknown: true })).to.deep.equal(
      ['orders > events: id→id', 'orders > daily: id→id'].sort().reverse()
    );
  });

  it("come from the catalog's table once its temporary namesake is dropped by its name with a schema", async () => {
    const made = 'CREATE TEMPORARY TABLE `lines` AS SELECT id AS price FROM orders';
    const filled = 'INSERT INTO mart.daily (price) SELECT price FROM `lines`';
    expect(await edgesOf([`${made}; DROP TABLE shop.lines; ${filled}`])).to.deep.equal(['lines > daily: price→price']);
    expect(await edgesOf([`${made}; DROP TABLE eu.lines; ${filled}`])).to.deep.equal(['orders > daily: id→price']);
  });

  it('are filtered by their target, and by an excluded source; filtered ones are counted once, their texts not stored', async () => {
    const texts = [
      'INSERT INTO mart.daily (id) SELECT id FROM orders',
      'INSERT INTO mart.daily (total) SELECT id FROM orders',
      'INSERT INTO eu.events (id) SELECT id FROM orders',
    ];
    const run = await lineage({ filters: { schemaFilterPattern: { includes: ['eu'], excludes: [] } } }).through(
      texts.map((text) => query(text))
    );
    expect(await run.edgeTexts()).to.deep.equal(['orders > events: id→id']);
    expect(countsOf(await run.facts('merged'), 'source').filtered).to.equal(1);
    expect((await run.lines()).filter((line) => line.kind === 'query')).to.have.length(1);
    expect(
      await edgesOf(texts, { filters: { tableFilterPattern: { includes: [], excludes: ['orders'] } } })
    ).to.deep.equal([]);
  });

  it('count unknown tables over the run and name them', async () => {
    const run = lineage();
    await run.read(
      [query('INSERT INTO mart.daily SELECT * FROM gone'), query('INSERT INTO mart.daily (id) SELECT id FROM gone')],
      '0'
    );
    await run.read(
      [
        query('INSERT INTO nowhere SELECT id FROM orders'),
        query('INSERT INTO mart.daily SELECT id FROM orders'),
        query('INSERT INTO mart.daily (id) SELECT thread_id FROM sys.processlist'),
      ],
      '1'
    );
    await run.parse('0');
    await run.parse('1');
    await run.merge();
    const merged = await run.facts('merged');
    const { notes, incomplete } = merged;
    const source = countsOf(merged, 'source');
    expect(notes).to.deep.equal([
      'Tables that are not in the catalog, so that they have no edge: default.shop.gone (2 texts), default.shop.nowhere (1 text)',
    ]);
    expect(source.warnings).to.equal(1);
    expect(incomplete).to.equal(undefined);
  });

  it('expect no temporary tables in the catalog, and do not take its tables for them', async () => {
    const run = await lineage({ keepUnknown: true }).through([
      query('CREATE TEMPORARY TABLE passing AS SELECT id FROM orders'),
      query('INSERT INTO mart.daily (id) SELECT passing.id FROM passing JOIN gone ON 1 = 1'),
      query('CREATE TEMPORARY TABLE `lines` AS SELECT id FROM orders'),
    ]);
    expect((await run.facts('merged')).notes.join())
      .to.contain('default.shop.gone (1 text)')
      .and.not.contain('passing');
    expect(await run.edgeTexts()).to.deep.equal(['orders > daily: id→id']);
  });

  it('that did not come out of texts make the run incomplete, and the note says why', async () => {
    const unknown = await lineage().through([query('INSERT INTO a SELECT * FROM b')]);
    expect(await unknown.facts('merged')).to.include({ incomplete: true });
    expect((await unknown.facts('merged')).notes.join())
      .to.contain('1 text was read and no edge came out of it. ')
      .and.contain('in the catalog');
    const plain = await lineage().through([query('UPDATE orders SET total = 1')]);
    expect((await plain.facts('merged')).notes.join()).to.contain('It writes no table from others');
    const none = await lineage().through([]);
    expect((await none.facts('merged')).incomplete).to.equal(undefined);
  });

  it('keep texts masked, also in warnings, and not longer than 100,000 characters', async () => {
    const long = `INSERT INTO mart.daily (id) SELECT id FROM orders WHERE ${Array.from({ length: 20_000 }, (_, n) => `note <> 'secret${n}'`).join(' AND ')}`;
    const run = await lineage().through([query(long)]);
    const [edge] = await run.edges();
    expect(edge?.sql).to.have.length.below(100_100).and.not.contain('secret');
  });

  it('that the source knew by itself are between tables of the catalog, their text masked', async () => {
    const from = ['default', 'shop', 'orders'] as const;
    const run = await lineage().through([
      {
        kind: 'edge',
        from,
        to: ['default', 'mart', 'daily'],
        columns: [
          ['ID', 'id'],
          ['id', 'nothing'],
        ],
        text: "INSERT INTO x SELECT 'secret'",
      },
      { kind: 'edge', from, to: ['default', 'mart', 'gone'], columns: [] },
      { kind: 'edge', from, to: from, columns: [] },
    ]);
    expect(await run.edgeTexts()).to.deep.equal(['orders > daily: id→id']);
    expect((await run.edges())[0]?.sql).to.equal('INSERT INTO x SELECT ?');
  });
});
