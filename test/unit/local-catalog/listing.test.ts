import { expect } from 'chai';
import { CatalogUnderTest, names, tableRequest } from './catalog-under-test.js';

describe('local catalog: lists', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('b', 'a', 'C', 'é', 'a.b');
  });
  afterEach(() => server.close());

  it('are ordered by name and tell how many there are in all', async () => {
    const answer = await server.ok('GET', '/tables');
    expect(names(answer)).to.deep.equal(['C', 'a', 'a.b', 'b', 'é']);
    expect(answer.at('paging')).to.deep.equal({ total: 5 });
  });

  it('with limit 0 only count', async () => {
    const answer = await server.ok('GET', '/tables?limit=0&databaseSchema=shop.main.sales');
    expect(answer.body).to.deep.equal({ data: [], paging: { total: 5 } });
  });

  it('resume after a cursor, every row once, whatever is added before it in the meantime', async () => {
    const first = await server.ok('GET', '/tables?limit=2');
    expect(names(first)).to.deep.equal(['C', 'a']);
    await server.withTables('A');
    const second = await server.ok('GET', `/tables?limit=2&after=${first.textAt('paging', 'after')}`);
    expect(names(second)).to.deep.equal(['a.b', 'b']);
    const third = await server.ok('GET', `/tables?limit=2&after=${second.textAt('paging', 'after')}`);
    expect([names(third), third.at('paging', 'after')]).to.deep.equal([['é'], undefined]);
  });

  it('are cut to a schema, a database or a service', async () => {
    await server.ok('PUT', '/databaseSchemas', { name: 'sales2', database: 'shop.main' });
    await server.ok('PUT', '/tables', { ...tableRequest('other'), databaseSchema: 'shop.main.sales2' });
    await server.ok('PUT', '/services/databaseServices', { name: 'shop2', serviceType: 'Mysql' });
    const total = async (query: string): Promise<unknown> =>
      (await server.ok('GET', `/tables?limit=0&${query}`)).at('paging', 'total');
    expect(await total('databaseSchema=shop.main.sales')).to.equal(5);
    expect(await total('database=shop.main')).to.equal(6);
    expect(await total('service=shop')).to.equal(6);
    expect(await total('service=shop2')).to.equal(0);
    expect(await total('databaseSchema=shop.main')).to.equal(0);
    expect(names(await server.ok('GET', '/databaseSchemas?service=shop'))).to.deep.equal(['sales', 'sales2']);
    expect(names(await server.ok('GET', '/databases?service=shop'))).to.deep.equal(['main']);
    expect(names(await server.ok('GET', '/services/databaseServices'))).to.deep.equal(['shop', 'shop2']);
  });

  it('leave out deleted ones, show only those, or all', async () => {
    await server.ok('DELETE', `/tables/${await server.id('tables', 'shop.main.sales.b')}`);
    expect(names(await server.ok('GET', '/tables'))).to.deep.equal(['C', 'a', 'a.b', 'é']);
    expect(names(await server.ok('GET', '/tables?include=deleted'))).to.deep.equal(['b']);
    expect((await server.ok('GET', '/tables?limit=0&include=all')).at('paging', 'total')).to.equal(5);
  });

  it('show owners, tags and the longer parts of a table only when asked, columns always', async () => {
    await server.ok('PUT', '/tables', tableRequest('a', { schemaDefinition: 'select 1', sourceHash: 'h' }));
    const plain = await server.ok('GET', '/tables/name/shop.main.sales.a');
    expect(plain.at('columns', 0)).to.deep.equal({
      name: 'id',
      dataType: 'INT',
      fullyQualifiedName: 'shop.main.sales.a.id',
    });
    for (const key of ['tags', 'owners', 'schemaDefinition']) expect(plain.at(key), key).to.equal(undefined);
    expect(plain.at('sourceHash')).to.equal('h');
    const more = await server.ok('GET', '/tables/name/shop.main.sales.a?fields=schemaDefinition,tags');
    expect([more.at('schemaDefinition'), more.at('tags'), more.at('owners')]).to.deep.equal([
      'select 1',
      [],
      undefined,
    ]);
    expect(more.at('columns', 0, 'tags')).to.deep.equal([]);
  });

  it('never hold more than 1000 rows a page; the cursor leads on', async () => {
    const many = Array.from({ length: 1100 }, (_, index) => tableRequest(`m${index}`));
    await server.ok('PUT', '/tables/bulk', many);
    const first = await server.ok('GET', '/tables?limit=1000000');
    expect(names(first)).to.have.length(1000);
    const second = await server.ok('GET', `/tables?limit=1000000&after=${first.textAt('paging', 'after')}`);
    expect(names(second)).to.have.length(105);
  });

  it('end a page early when its rows are very large', async () => {
    const description = 'x'.repeat(7_000_000);
    for (const name of ['a', 'b', 'C']) await server.ok('PUT', '/tables', tableRequest(name, { description }));
    const first = await server.ok('GET', '/tables?limit=10');
    expect(names(first)).to.deep.equal(['C', 'a', 'a.b']);
    const second = await server.ok('GET', `/tables?limit=10&after=${first.textAt('paging', 'after')}`);
    expect(names(second)).to.deep.equal(['b', 'é']);
  });
});
