import { expect } from 'chai';
import { markViewsProcessed, removeViewEdges, stageViews } from '../../../src/lineage/index.js';
import { PermanentError, TransientError } from '../../../src/errors/index.js';
import { OpenMetadataClient, HttpTransport, inlineToken, type Transport } from '../../../src/openmetadata/index.js';
import type { DatabaseLineageConfig } from '../../../src/recipe/index.js';
import { countsOf, failuresOf } from '../../../src/report/index.js';
import type { LogRecord } from '../../../src/sources/index.js';
import { EdgesLab } from './edges-lab.js';
import { query, type LineageRun, type RunSettings } from './lineage-run.js';
import { attemptOn } from '../staging/attempt-on.js';

describe('published lineage', () => {
  let lab: EdgesLab;

  before(async () => {
    lab = await EdgesLab.open();
  });
  after(() => lab.close());
  beforeEach(async () => {
    await lab.renewCatalog();
    await lab.om.add('s.default.shop.orders', ['id', 'total']);
    await lab.om.add('s.default.mart.daily', ['id', 'total']);
  });

  const lineage = (settings?: RunSettings): LineageRun => lab.lineage(settings);

  const INTO_DAILY = 'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > 7';
  const DAILY = [{ fqn: 's.default.shop.orders' }, { fqn: 's.default.mart.daily' }] as const;

  const published = async (records: readonly LogRecord[], settings: RunSettings = {}): Promise<LineageRun> => {
    const run = await lineage(settings).through(records);
    await run.publish();
    return run;
  };

  /** A client that sees every call, and may refuse it. */
  const watching = (onCall: (method: string, path: string) => Error | undefined): OpenMetadataClient => {
    const inner = new HttpTransport({
      hostPort: lab.om.catalog.hostPort,
      token: inlineToken(lab.om.catalog.token),
      userAgent: 'test',
    });
    const transport: Transport = {
      request: (method, path, options) => {
        const refused = onCall(method, path);
        return refused === undefined ? inner.request(method, path, options) : Promise.reject(refused);
      },
      close: () => inner.close(),
    };
    return new OpenMetadataClient({ transport });
  };

  it('has its columns, its masked text and its query, once', async () => {
    await published([query(INTO_DAILY), query(INTO_DAILY.replace('7', '8')), query(INTO_DAILY)]);
    const edge = await lab.om.client.lineage.getEdgeByName(...DAILY);
    expect(edge).to.deep.include({
      source: 'QueryLineage',
      sqlQuery: 'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > ?',
      columnsLineage: [{ fromColumns: ['s.default.shop.orders.id'], toColumn: 's.default.mart.daily.id' }],
    });
    const stored = await lab.om.client.queries.listStored('s', { most: 100 });
    expect(
      [...(stored?.values() ?? [])].map(({ queryUsedIn, processedLineage }) => [queryUsedIn.length, processedLineage])
    ).to.deep.equal([[2, true]]);
  });

  it('is whole where another service holds the text of its query, and says so', async () => {
    const text = 'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > ?';
    await lab.om.client.queries.bulkPut([{ query: text, service: 'other' }]);
    const run = await published([query(INTO_DAILY)]);
    expect(await lab.om.client.lineage.getEdgeByName(...DAILY)).to.include({ sqlQuery: text });
    const facts = await run.facts('published');
    expect(countsOf(facts, 'sink')).to.include({ warnings: 1, errors: 0 });
    expect(facts.notes.join()).to.contain('another service or name has some of this log');
  });

  it('changes nothing when it is published again by another run', async () => {
    const records = [
      query(INTO_DAILY),
      query('REPLACE INTO mart.daily SELECT * FROM orders', 'shop', { startedAt: 5 }),
    ];
    const first = await published(records);
    expect(countsOf(await first.facts('published'), 'sink')).to.include({ records: 1, unchanged: 0 });
    const writes: string[] = [];
    const watched = watching((method, path) => {
      if (method !== 'GET') writes.push(`${method} ${path}`);
      return undefined;
    });
    const second = await lineage().through(records);
    await second.publish('published', watched);
    await watched.close();
    expect(writes).to.deep.equal([]);
    expect(countsOf(await second.facts('published'), 'sink')).to.include({ records: 0, updated: 0, unchanged: 1 });
  });

  it('unites what a later run finds with what is there', async () => {
    await published([query(INTO_DAILY)]);
    const later = await published([query('INSERT INTO mart.daily (total) SELECT total FROM orders')]);
    expect(countsOf(await later.facts('published'), 'sink')).to.include({ updated: 1 });
    expect((await lab.om.client.lineage.getEdgeByName(...DAILY))?.columnsLineage).to.have.length(2);
  });

  it('keeps the users of a stored query', async () => {
    const text = 'INSERT INTO mart.daily (id) SELECT id FROM orders WHERE total > ?';
    await lab.om.client.queries.bulkPut([{ query: text, service: 's', usedBy: ['somebody'] }]);
    await published([query(INTO_DAILY)]);
    const stored = await lab.om.client.queries.listStored('s', { most: 100 });
    expect([...(stored?.values() ?? [])]).to.have.length(1);
    expect([...(stored?.values() ?? [])][0]).to.deep.include({ usedBy: ['somebody'], processedLineage: true });
  });

  it('keeps what another run has added to a query since the queries were listed', async () => {
    const { queries } = lab.om.client;
    const text = { query: 'SELECT 1', service: 's' };
    await queries.bulkPut([{ ...text, usedBy: ['somebody'] }]);
    const listed = await queries.listStored('s', { most: 10 });
    await queries.bulkPut([{ ...text, usedBy: ['another'] }]);
    await queries.bulkPut([{ ...text, processedLineage: true }], listed === undefined ? {} : { stored: listed });
    const [stored] = [...((await queries.listStored('s', { most: 10 }))?.values() ?? [])];
    expect(stored?.processedLineage).to.equal(true);
    expect(stored?.usedBy).to.have.members(['somebody', 'another']);
  });

  it('asks for texts one by one when the service has too many to list', async () => {
    const others = Array.from({ length: 30 }, (_, n) => ({ query: `SELECT ${n}`, service: 's' }));
    await lab.om.client.queries.bulkPut(others);
    const calls: string[] = [];
    const watched = watching((_method, path) => void calls.push(path));
    const run = await lineage().through([query(INTO_DAILY)]);
    await run.publish('published', watched);
    await watched.close();
    expect(calls.filter((path) => path.startsWith('/queries/name/'))).to.have.length(1);
    expect(await lab.om.client.queries.listStored('s', { most: 10 })).to.equal(undefined);
  });

  it('names the procedure that made it, asked for once', async () => {
    await lab.om.client.procedures.bulkPut([
      {
        name: 'nightly',
        databaseSchema: 's.default.shop',
        storedProcedureCode: { language: 'SQL', code: 'BEGIN END' },
      },
    ]);
    await lab.om.add('s.default.mart.weekly');
    const procedure = ['default', 'shop', 'nightly'] as const;
    let asked = 0;
    const watched = watching((_method, path) => {
      if (path.startsWith('/storedProcedures/')) asked += 1;
      return undefined;
    });
    const run = await lineage().through([
      query(INTO_DAILY, 'shop', { procedure }),
      query('INSERT INTO mart.weekly (id) SELECT id FROM orders', 'shop', { procedure }),
      query('INSERT INTO orders (id) SELECT id FROM mart.weekly', 'shop', { procedure: ['default', 'shop', 'gone'] }),
    ]);
    await run.publish('published', watched);
    await watched.close();
    expect((await lab.om.client.lineage.getEdgeByName(...DAILY))?.pipeline?.type).to.equal('storedProcedure');
    expect(asked).to.equal(2);
    const gone = await lab.om.client.lineage.getEdgeByName(
      { fqn: 's.default.mart.weekly' },
      { fqn: 's.default.shop.orders' }
    );
    expect(gone).to.not.equal(undefined);
    expect(gone?.pipeline).to.equal(undefined);
  });

  it('through temporary tables has their steps', async () => {
    const texts = ['CREATE TABLE t AS SELECT id FROM orders', 'INSERT INTO mart.daily (id) SELECT id FROM t'];
    await published(
      texts.map((text) => query(text)),
      { keepUnknown: true }
    );
    expect((await lab.om.client.lineage.getEdgeByName(...DAILY))?.tempLineageTables).to.deep.equal([
      { fromEntity: 's.default.shop.orders', toEntity: 'default.shop.t' },
      { fromEntity: 'default.shop.t', toEntity: 's.default.mart.daily' },
    ]);
  });

  it('of a table that is gone by now is a failure, and the rest is published', async () => {
    await lab.om.add('s.default.mart.weekly');
    const run = await lineage().through([
      query(INTO_DAILY),
      query('INSERT INTO mart.weekly (id) SELECT id FROM orders'),
    ]);
    const daily = await lab.om.client.tables.findByName('s.default.mart.daily');
    await lab.om.client.tables.deleteAsync(daily?.id ?? '', { hardDelete: true });
    while ((await lab.om.client.tables.findByName('s.default.mart.daily')) !== undefined)
      await new Promise(setImmediate);
    await run.publish();
    const part = await run.facts('published');
    const [sink, sinkFailures] = [countsOf(part, 'sink'), failuresOf(part, 'sink')];
    expect(sink).to.include({ records: 1, errors: 1 });
    expect(sinkFailures[0]?.entity).to.equal('s.default.shop.orders → s.default.mart.daily');
  });

  it('resumes after its last batch when the server throttles it, and leaves nothing out', async () => {
    for (let n = 0; n < 30; n += 1) await lab.om.add(`s.default.many.t${n}`);
    const texts = Array.from(
      { length: 450 },
      (_, n) => `INSERT INTO many.t${n % 30} (id) SELECT id FROM many.t${(n + 1 + Math.floor(n / 30)) % 30}`
    );
    const run = await lineage().through(texts.map((text) => query(text)));
    let calls = 0;
    const throttled = watching((_method, path) => {
      if (!path.startsWith('/lineage')) return undefined;
      calls += 1;
      return calls % 700 === 0 ? new TransientError('slow down', { throttled: true, retryAfterMs: 10 }) : undefined;
    });
    let attempts = 0;
    for (; ; attempts += 1) {
      try {
        await run.publish('published', throttled);
        break;
      } catch (error) {
        expect(error).to.be.instanceOf(TransientError);
      }
    }
    await throttled.close();
    expect(attempts).to.be.within(1, 3);
    const sink = countsOf(await run.facts('published'), 'sink');
    expect(sink.records + sink.unchanged).to.equal(450);
    await run.publish();
    expect(countsOf(await run.facts('published'), 'sink')).to.deep.equal(sink);
  }).timeout(60_000);

  it('ends the run when the catalog refuses them all: that is about the catalog', async () => {
    for (let n = 0; n < 12; n += 1) await lab.om.add(`s.default.many.r${n}`);
    const texts = Array.from({ length: 11 }, (_, n) => `INSERT INTO many.r${n} (id) SELECT id FROM many.r${n + 1}`);
    const run = await lineage().through(texts.map((text) => query(text)));
    const refusing = watching((_method, path) =>
      path.startsWith('/lineage') ? new PermanentError('not here') : undefined
    );
    const error: unknown = await run.publish('published', refusing).catch((each: unknown) => each);
    await refusing.close();
    expect(error).to.be.instanceOf(PermanentError);
  });

  describe('of views', () => {
    const config = (more: Partial<DatabaseLineageConfig> = {}): DatabaseLineageConfig =>
      ({ incrementalLineageProcessing: true, ...more }) as DatabaseLineageConfig;
    const ORDERS_TO_V = [{ fqn: 's.default.shop.orders' }, { fqn: 's.default.mart.v' }] as const;

    beforeEach(async () => {
      const view = (schemaDefinition: string) => ({ tableType: 'View', schemaDefinition }) as const;
      await lab.om.add(
        's.default.mart.v',
        ['id', 'sum'],
        view('CREATE VIEW `mart`.`v` AS select `o`.`id` AS `id`,`o`.`total` AS `sum` from `shop`.`orders` `o`')
      );
      await lab.om.add('s.default.mart.w', ['id'], view('SELECT id FROM v'));
    });

    const views = async (more: Partial<DatabaseLineageConfig> = {}): Promise<LineageRun> => {
      const run = lineage();
      await stageViews({
        ...attemptOn(run.store),
        client: lab.om.client,
        service: 's',
        config: config(more),
        to: run.address('views'),
        signal: run.signal,
      });
      await run.parse('0', 'views');
      await run.merge();
      return run;
    };
    const marked = async (run: LineageRun): Promise<void> =>
      markViewsProcessed({
        ...attemptOn(run.store),
        client: lab.om.client,
        lanes: 2,
        signal: run.signal,
        parsed: run.address('parsed', 'views'),
        published: [run.address('published')],
        to: run.address('processed-views'),
      });

    it('leads from their tables to them, from view to view, also for a definition that is a plain query', async () => {
      const run = await views();
      expect(await run.edgeTexts()).to.deep.equal(['v > w: id→id', 'orders > v: id→id total→sum']);
      await run.publish();
      expect((await lab.om.client.lineage.getEdgeByName(...ORDERS_TO_V))?.source).to.equal('ViewLineage');
      expect((await lab.om.client.queries.listStored('s', { most: 10 }))?.size).to.equal(0);
    });

    it('is not made again for views that were processed, unless the recipe says so', async () => {
      const run = await views();
      await run.publish();
      await marked(run);
      expect(await (await views()).edges()).to.deep.equal([]);
      expect(await (await views({ incrementalLineageProcessing: false })).edges()).to.have.length(2);
    });

    it('is read again by the next run for a view that was half understood', async () => {
      const schemaDefinition = 'SELECT id FROM v x and what nobody understands';
      await lab.om.add('s.default.mart.half', ['id'], { tableType: 'View', schemaDefinition });
      const run = await views();
      await run.publish();
      await marked(run);
      expect(await (await views()).edgeTexts()).to.deep.equal(['v > half: id→id']);
    });

    it('is made again for a view whose edge the catalog refused, which costs nothing but that edge', async () => {
      const run = await views();
      const refusing = watching((method, path) =>
        method === 'PUT' && path.includes('shop.orders') ? new PermanentError('not this one') : undefined
      );
      await run.publish('published', refusing);
      await refusing.close();
      const part = await run.facts('published');
      const [sink, sinkFailures] = [countsOf(part, 'sink'), failuresOf(part, 'sink')];
      expect(sink).to.include({ records: 1, errors: 1 });
      expect(sinkFailures.map(({ entity, error }) => [entity, error])).to.deep.equal([
        ['s.default.shop.orders → s.default.mart.v', 'not this one'],
      ]);
      await marked(run);
      expect(await (await views()).edgeTexts()).to.deep.equal(['orders > v: id→id total→sum']);
    });

    it('waits for tables that are not in the catalog yet', async () => {
      await lab.om.add('s.default.mart.early', ['id'], {
        tableType: 'View',
        schemaDefinition: 'SELECT o.id FROM shop.orders o JOIN shop.later l ON o.id = l.id',
      });
      const run = await views();
      await run.publish();
      await marked(run);
      await lab.om.add('s.default.shop.later');
      expect(await (await views()).edgeTexts()).to.deep.equal(['later > early:', 'orders > early: id→id']);
    });

    it('keeps its text when a query log has the same edge, and takes an edge of the log over', async () => {
      const log = [query('CREATE VIEW mart.v AS SELECT id, total AS sum FROM orders WHERE 1', 'shop')];
      await published(log);
      await (await views()).publish();
      const edge = await lab.om.client.lineage.getEdgeByName(...ORDERS_TO_V);
      expect(edge?.source).to.equal('ViewLineage');
      const again = await published(log);
      expect(countsOf(await again.facts('published'), 'sink')).to.include({ unchanged: 1, updated: 0 });
      expect(await lab.om.client.lineage.getEdgeByName(...ORDERS_TO_V)).to.deep.equal(edge);
    });

    it('is taken away first by overrideViewLineage, into the view itself only', async () => {
      await lab.om.client.lineage.putEdgeByName(
        { fqn: 's.default.mart.daily' },
        { fqn: 's.default.mart.v' },
        { source: 'ViewLineage' }
      );
      await lab.om.client.lineage.putEdgeByName(
        { fqn: 's.default.mart.v' },
        { fqn: 's.default.mart.daily' },
        { source: 'QueryLineage' }
      );
      const run = await views();
      await removeViewEdges({
        ...attemptOn(run.store),
        client: lab.om.client,
        lanes: 2,
        signal: run.signal,
        views: run.address('views'),
        to: run.address('removed-view-edges'),
      });
      await run.publish();
      const between = (from: string, to: string) => lab.om.client.lineage.getEdgeByName({ fqn: from }, { fqn: to });
      expect(await between('s.default.mart.daily', 's.default.mart.v')).to.equal(undefined);
      expect(await between('s.default.mart.v', 's.default.mart.daily')).to.not.equal(undefined);
      expect(await lab.om.client.lineage.getEdgeByName(...ORDERS_TO_V)).to.not.equal(undefined);
    });
  });
});
