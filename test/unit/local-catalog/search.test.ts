import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, CatalogUnderTest, tableRequest, valueAt } from './catalog-under-test.js';

describe('local catalog: search', () => {
  let server: CatalogUnderTest;
  before(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    const view = (name: string, tableType: string, more: JsonObject = {}): JsonObject =>
      tableRequest(name, { tableType, schemaDefinition: `select ${name}`, ...more });
    await server.ok('PUT', '/tables/bulk', [
      tableRequest('Orders'),
      tableRequest('orders_old'),
      tableRequest('odd[1]'),
      tableRequest('dot.ted'),
      view('v1', 'View'),
      view('v2', 'MaterializedView'),
      view('v3', 'View'),
      view('gone', 'View'),
      tableRequest('v4', { tableType: 'View' }),
    ]);
    const done = [{ op: 'add', path: '/processedLineage', value: true }];
    await server.ok('PATCH', `/tables/${await server.id('tables', 'shop.main.sales.v3')}`, done);
    await server.ok('DELETE', '/tables/name/shop.main.sales.gone');
    await server.ok('PUT', '/services/databaseServices', { name: 'shop2', serviceType: 'Mysql' });
    await server.ok('PUT', '/databases', { name: 'main', service: 'shop2' });
    await server.ok('PUT', '/databaseSchemas', { name: 'sales', database: 'shop2.main' });
    await server.ok('PUT', '/tables', { ...view('w1', 'View'), databaseSchema: 'shop2.main.sales' });
  });
  after(() => server.close());

  const fqns = (answer: Answer): unknown[] =>
    (answer.at('hits', 'hits') as JsonObject[]).map((hit) => valueAt(hit, ['_source', 'fullyQualifiedName']));
  const byField = async (value: string, more = ''): Promise<unknown[]> => {
    const query = `fieldName=fullyQualifiedName&fieldValue=${encodeURIComponent(value)}&from=0&size=10`;
    return fqns(await server.ok('GET', `/search/fieldQuery?${query}&index=table_search_index&deleted=false${more}`));
  };
  const byFilter = (filter: object, more = ''): Promise<Answer> =>
    server.ok(
      'GET',
      `/search/query?q=&size=10&deleted=false&index=table_search_index${more}&query_filter=${encodeURIComponent(JSON.stringify(filter))}`
    );

  it('finds tables by FQN in any case, a star standing for unknown parts', async () => {
    expect(await byField('shop.main.sales.orders')).to.deep.equal(['shop.main.sales.Orders']);
    expect(await byField('*.*.*.ORDERS')).to.deep.equal(['shop.main.sales.Orders']);
    expect(await byField('shop.*.sales.orders*')).to.deep.equal([
      'shop.main.sales.Orders',
      'shop.main.sales.orders_old',
    ]);
    expect(await byField('*.sales."dot.ted"')).to.deep.equal(['shop.main.sales."dot.ted"']);
    expect(await byField('*.odd[1]')).to.deep.equal(['shop.main.sales.odd[1]']);
    expect(await byField('shop.main.sales.nope')).to.deep.equal([]);
    expect(await byField('*.gone')).to.deep.equal([]);
  });

  it('answers in the shape of Elasticsearch, with the whole table', async () => {
    const query = 'fieldName=fullyQualifiedName&fieldValue=*.orders&index=table_search_index';
    const answer = await server.ok('GET', `/search/fieldQuery?${query}`);
    expect(answer.at('hits', 'total')).to.deep.equal({ value: 1, relation: 'eq' });
    const source = answer.at('hits', 'hits', 0, '_source');
    expect(source).to.include({ name: 'Orders', entityType: 'table', deleted: false });
    expect(valueAt(source, ['columns', 1, 'name'])).to.equal('name');
    expect(answer.at('hits', 'hits', 0, '_id')).to.equal(valueAt(source, ['id']));
  });

  it('finds the views of a service that have a definition and are not yet processed', async () => {
    const must = [
      { term: { 'service.name.keyword': 'shop' } },
      { term: { deleted: false } },
      { terms: { tableType: ['View', 'MaterializedView', 'SecureView', 'Dynamic', 'Stream'] } },
      { exists: { field: 'schemaDefinition' } },
    ];
    const all = await byFilter({ query: { bool: { must } } });
    expect(fqns(all)).to.deep.equal(['shop.main.sales.v1', 'shop.main.sales.v2', 'shop.main.sales.v3']);
    const unprocessed = {
      bool: {
        should: [
          { term: { processedLineage: false } },
          { bool: { must_not: { exists: { field: 'processedLineage' } } } },
        ],
        minimum_should_match: 1,
      },
    };
    const open = await byFilter({ query: { bool: { must: [...must, unprocessed] } } });
    expect(fqns(open)).to.deep.equal(['shop.main.sales.v1', 'shop.main.sales.v2']);
    const processed = await byFilter({ query: { bool: { must, filter: { term: { processedLineage: 'true' } } } } });
    expect(fqns(processed)).to.deep.equal(['shop.main.sales.v3']);
  });

  it('knows wildcard, prefix, match and must_not', async () => {
    const found = async (clause: object): Promise<unknown[]> => fqns(await byFilter({ query: clause }));
    expect(await found({ wildcard: { name: { value: 'V?' } } })).to.have.length(4);
    expect(await found({ prefix: { name: 'odd[' } })).to.deep.equal(['shop.main.sales.odd[1]']);
    expect(await found({ match: { 'name.keyword': 'w1' } })).to.deep.equal(['shop2.main.sales.w1']);
    const rest = await found({ bool: { must_not: [{ exists: { field: 'tableType' } }, { prefix: { name: 'o' } }] } });
    expect(rest).to.deep.equal(['shop.main.sales."dot.ted"']);
  });

  it('resumes after the sort value of the last hit, up or down', async () => {
    const views = { query: { exists: { field: 'schemaDefinition' } } };
    const page = (order: string, after = ''): Promise<Answer> =>
      byFilter(views, `&size=2&sort_field=fullyQualifiedName&sort_order=${order}${after}`);
    const first = await page('asc');
    expect(fqns(first)).to.deep.equal(['shop.main.sales.v1', 'shop.main.sales.v2']);
    const last = first.textAt('hits', 'hits', 1, 'sort', 0);
    const expected = ['shop.main.sales.v3', 'shop2.main.sales.w1'];
    expect(fqns(await page('asc', `&search_after=${encodeURIComponent(last)}`))).to.deep.equal(expected);
    expect(fqns(await page('asc', `&search_after=${encodeURIComponent(JSON.stringify([last]))}`))).to.deep.equal(
      expected
    );
    expect(fqns(await page('desc'))).to.deep.equal(expected.reverse());
    expect(first.at('hits', 'total', 'value')).to.equal(4);
  });

  it('finds free text in names', async () => {
    const answer = await server.ok('GET', '/search/query?q=*ORDERS*&index=table_search_index');
    expect(fqns(answer)).to.deep.equal(['shop.main.sales.Orders', 'shop.main.sales.orders_old']);
  });

  it('sees what was written just before', async () => {
    await server.withTables('brand_new');
    expect(await byField('*.brand_new')).to.deep.equal(['shop.main.sales.brand_new']);
  });

  it('refuses what it cannot search, naming it', async () => {
    const refused = async (filter: string): Promise<string> =>
      (await server.refused('GET', `/search/query?query_filter=${encodeURIComponent(filter)}`))[1];
    expect(await refused('{"query": {"fuzzy": {"name": "x"}}}')).to.include('fuzzy');
    expect(await refused('{"query": {"term": {"colour": "x"}}}')).to.include('colour');
    expect(await refused('{"query"')).to.include('not JSON');
    expect((await server.refused('GET', '/search/query?index=pizza'))[1]).to.include('pizza');
    expect((await server.refused('GET', '/search/query?sort_field=pizza'))[1]).to.include('pizza');
    expect((await server.refused('GET', '/search/fieldQuery?fieldName=pizza&fieldValue=x'))[1]).to.include('pizza');
  });
});
