import { expect } from 'chai';
import { textOf, type Json, type JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest } from './catalog-under-test.js';

const DAY = 24 * 3_600_000;
const date = (daysAgo: number): string => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 10);

describe('local catalog: usage', () => {
  let server: CatalogUnderTest;
  let a: string;
  let b: string;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('a', 'b');
    a = await server.id('tables', 'shop.main.sales.a');
    b = await server.id('tables', 'shop.main.sales.b');
  });
  afterEach(() => server.close());

  const send = (method: 'POST' | 'PUT', id: string, daysAgo: number, count: number): Promise<unknown> =>
    server.ok(method, `/usage/table/${id}`, { date: date(daysAgo), count });
  const counts = async (path: string, days = 30): Promise<Record<string, Json | undefined>> => {
    const answer = await server.ok('GET', `/usage/${path}?date=${date(0)}&days=${days}`);
    const usage = answer.at('usage');
    return Object.fromEntries(
      (Array.isArray(usage) ? (usage as JsonObject[]) : []).map((row) => [
        textOf(row['date']) ?? '',
        (row['dailyStats'] as JsonObject)['count'],
      ])
    );
  };

  it('is replaced by POST and added to by PUT, and added to schema and database by both', async () => {
    await send('POST', a, 1, 10);
    await send('POST', a, 1, 4);
    await send('PUT', a, 1, 3);
    expect(await counts(`table/${a}`)).to.deep.equal({ [date(1)]: 7 });
    expect(await counts('databaseSchema/name/shop.main.sales')).to.deep.equal({ [date(1)]: 17 });
    expect(await counts('database/name/shop.main')).to.deep.equal({ [date(1)]: 17 });
  });

  it('answers as many days as are asked for', async () => {
    for (const daysAgo of [3, 1, 0]) await send('POST', a, daysAgo, 5);
    expect(Object.keys(await counts(`table/${a}`, 2))).to.deep.equal([date(0), date(1)]);
  });

  it('sums week and month when a date is first written', async () => {
    await send('POST', a, 10, 100);
    await send('POST', a, 6, 1);
    await send('POST', a, 0, 2);
    await send('PUT', a, 6, 50);
    const answer = await server.ok('GET', `/usage/table/name/shop.main.sales.a?date=${date(0)}`);
    expect(answer.at('usage', 0, 'weeklyStats', 'count')).to.equal(3);
    expect(answer.at('usage', 0, 'monthlyStats', 'count')).to.equal(103);
  });

  it('ranks the rows of exactly one date', async () => {
    await send('POST', a, 1, 10);
    await send('POST', b, 1, 2);
    await server.ok('POST', `/usage/compute.percentile/table/${date(1)}`);
    const rank = async (id: string): Promise<unknown> =>
      (await server.ok('GET', `/usage/table/${id}?date=${date(1)}&days=1`)).at(
        'usage',
        0,
        'dailyStats',
        'percentileRank'
      );
    expect([await rank(a), await rank(b)]).to.deep.equal([50, 0]);
  });

  it('shows on the table as usageSummary', async () => {
    await send('POST', a, 1, 10);
    await send('POST', a, 0, 3);
    const table = await server.ok('GET', '/tables/name/shop.main.sales.a?fields=usageSummary');
    expect(table.at('usageSummary', 'dailyStats', 'count')).to.equal(3);
    expect((await server.ok('GET', '/tables/name/shop.main.sales.a')).at('usageSummary')).to.equal(undefined);
  });

  it('refuses an unknown table, a wrong date and other kinds', async () => {
    expect(
      (await server.call('POST', '/usage/table/00000000-0000-0000-0000-000000000000', { date: date(0), count: 1 }))
        .status
    ).to.equal(404);
    expect((await server.call('POST', `/usage/table/${a}`, { date: '27.11.2026', count: 1 })).status).to.equal(400);
    expect((await server.call('POST', `/usage/pipeline/${a}`, { date: date(0), count: 1 })).status).to.equal(400);
  });

  it('shows a picture of 30 days on the page', async () => {
    await send('POST', a, 1, 10);
    const page = await (await fetch(`${server.catalog.url}/table/shop.main.sales.a`)).text();
    expect(page)
      .to.contain(`<title>${date(1)}: 10</title>`)
      .and.to.contain('role="img"');
  });

  describe('joins', () => {
    const join = (other: string, joinCount: number): JsonObject => ({
      startDate: date(1),
      columnJoins: [{ columnName: 'id', joinedWith: [{ fullyQualifiedName: other, joinCount }] }],
      directTableJoins: [],
    });

    it('are one count a pair and date, whichever side they come from', async () => {
      await server.ok('PUT', `/tables/${a}/joins`, join('shop.main.sales.b.id', 5));
      await server.ok('PUT', `/tables/${b}/joins`, join('shop.main.sales.a.id', 7));
      const seen = (await server.ok('GET', '/tables/name/shop.main.sales.a?fields=joins')).at('joins', 'columnJoins');
      expect(seen).to.deep.equal([
        { columnName: 'id', joinedWith: [{ fullyQualifiedName: 'shop.main.sales.b.id', joinCount: 7 }] },
      ]);
    });

    it('are refused whole for an old date, an unknown column, an unknown table', async () => {
      const status = async (body: JsonObject): Promise<number> =>
        (await server.call('PUT', `/tables/${a}/joins`, body)).status;
      expect(await status({ ...join('shop.main.sales.b.id', 5), startDate: date(31) })).to.equal(400);
      expect(await status(join('shop.main.sales.b.ghost', 5))).to.equal(400);
      expect(await status(join('shop.main.sales.ghost.id', 5))).to.equal(404);
      expect(
        (await server.ok('GET', '/tables/name/shop.main.sales.a?fields=joins')).at('joins', 'columnJoins')
      ).to.deep.equal([]);
    });
  });

  describe('queries', () => {
    it('get uses and users added', async () => {
      await server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
      const query = await server.ok('PUT', '/queries', { query: 'SELECT ?', service: 'shop', usedBy: ['root'] });
      const id = query.textAt('id');
      await server.ok('PUT', `/queries/${id}/usage`, [{ id: a, type: 'table' }]);
      await server.ok('PUT', `/queries/${id}/users`, ['jane']);
      await server.ok('PUT', `/queries/${id}/usedBy`, ['root', 'etl']);
      const stored = await server.ok('GET', `/queries/${id}?fields=users,queryUsedIn,usedBy`);
      expect([stored.at('queryUsedIn', 0, 'id'), stored.at('users', 0, 'name'), stored.at('usedBy')]).to.deep.equal([
        a,
        'jane',
        ['root', 'etl'],
      ]);
    });

    it('have one cost record a timestamp', async () => {
      const query = await server.ok('PUT', '/queries', { query: 'SELECT ?', service: 'shop' });
      const record = {
        timestamp: Date.parse(date(1)),
        jsonSchema: 'queryCostRecord',
        queryReference: { id: query.textAt('id'), type: 'query' },
        cost: 1.5,
        count: 3,
        totalDuration: 90,
      };
      await server.ok('POST', '/queryCostRecord', record);
      expect((await server.call('POST', '/queryCostRecord', record)).status).to.equal(409);
      const listed = await server.ok('GET', '/queryCostRecord/service/shop');
      expect([listed.at('paging', 'total'), listed.at('data', 0, 'cost')]).to.deep.equal([1, 1.5]);
      for (const daysAgo of [2, 3])
        await server.ok('POST', '/queryCostRecord', { ...record, timestamp: Date.parse(date(daysAgo)), cost: daysAgo });
      const page = await server.ok('GET', '/queryCostRecord/service/shop?limit=2');
      const costs = (page.at('data') as { cost: number }[]).map(({ cost }) => cost);
      expect([page.at('paging', 'total'), costs]).to.deep.equal([3, [3, 2]]);
      const rest = await server.ok(
        'GET',
        `/queryCostRecord/service/shop?limit=2&after=${page.textAt('paging', 'after')}`
      );
      expect([rest.at('data', 0, 'cost'), rest.at('paging')]).to.deep.equal([1.5, { total: 3 }]);
    });
  });
});
