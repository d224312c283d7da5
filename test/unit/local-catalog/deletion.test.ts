import { expect } from 'chai';
import { CatalogUnderTest, tableRequest } from './catalog-under-test.js';

describe('local catalog: DELETE', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('a', 'b');
    const code = { storedProcedureCode: { code: 'x' } };
    await server.ok('PUT', '/storedProcedures', { name: 'p', databaseSchema: 'shop.main.sales', ...code });
  });
  afterEach(() => server.close());

  const deleted = async (path: string, fqn: string): Promise<unknown> => (await server.entity(path, fqn)).at('deleted');
  const schema = (): Promise<string> => server.id('databaseSchemas', 'shop.main.sales');

  it('marks an entity by default: it stays, one version on, and only shows when asked for', async () => {
    const id = await server.id('tables', 'shop.main.sales.a');
    const answer = await server.ok('DELETE', `/tables/${id}`);
    expect([answer.at('deleted'), answer.at('version')]).to.deep.equal([true, 0.2]);
    expect((await server.call('GET', `/tables/${id}`)).status).to.equal(404);
    expect((await server.call('GET', '/tables/name/shop.main.sales.a')).status).to.equal(404);
    expect((await server.ok('GET', `/tables/${id}?include=deleted`)).at('deleted')).to.equal(true);
    expect(
      (await server.call('GET', `/tables/${await server.id('tables', 'shop.main.sales.b')}?include=deleted`)).status
    ).to.equal(404);
    expect((await server.ok('DELETE', `/tables/${id}`)).at('version')).to.equal(0.2);
  });

  it('refuses a container that is not empty unless it is recursive', async () => {
    expect(await server.refused('DELETE', `/databaseSchemas/${await schema()}`)).to.deep.equal([
      400,
      'databaseSchema shop.main.sales is not empty',
    ]);
    await server.ok('DELETE', `/databaseSchemas/${await schema()}?recursive=true`);
    expect(await deleted('databaseSchemas', 'shop.main.sales')).to.equal(true);
    expect(await deleted('tables', 'shop.main.sales.a')).to.equal(true);
    expect(await deleted('storedProcedures', 'shop.main.sales.p')).to.equal(true);
    expect(await deleted('databases', 'shop.main')).to.equal(false);
  });

  it('hard takes everything away for good', async () => {
    const service = await server.id('services/databaseServices', 'shop');
    await server.ok('DELETE', `/services/databaseServices/${service}?recursive=true&hardDelete=true`);
    for (const path of ['services/databaseServices', 'databases', 'databaseSchemas', 'tables', 'storedProcedures']) {
      expect((await server.ok('GET', `/${path}?limit=0&include=all`)).at('paging', 'total'), path).to.equal(0);
    }
  });

  it('spares what only begins with the same name', async () => {
    await server.ok('PUT', '/databaseSchemas', { name: 'sales2', database: 'shop.main' });
    await server.ok('PUT', '/tables', { ...tableRequest('x'), databaseSchema: 'shop.main.sales2' });
    await server.ok('DELETE', `/databaseSchemas/${await schema()}?recursive=true&hardDelete=true`);
    expect(await deleted('tables', 'shop.main.sales2.x')).to.equal(false);
  });

  it('async is done when it answers 202', async () => {
    const id = await server.id('tables', 'shop.main.sales.a');
    const answer = await server.call('DELETE', `/tables/async/${id}?recursive=false&hardDelete=false`);
    expect([answer.status, typeof answer.at('jobId')]).to.deep.equal([202, 'string']);
    expect(await deleted('tables', 'shop.main.sales.a')).to.equal(true);
    expect((await server.refused('DELETE', '/tables/async/11111111-1111-4111-8111-111111111111'))[0]).to.equal(404);
  });

  it('works by name as well', async () => {
    await server.ok('DELETE', '/tables/name/shop.main.sales.a');
    expect(await deleted('tables', 'shop.main.sales.a')).to.equal(true);
  });

  it('is taken back by a PUT, which brings back what the container contains', async () => {
    await server.ok('DELETE', `/databaseSchemas/${await schema()}?recursive=true`);
    const id = await server.id('tables', 'shop.main.sales.a');
    const answer = await server.call('PUT', '/databaseSchemas', { name: 'sales', database: 'shop.main' });
    expect([answer.status, answer.at('deleted'), answer.at('version')]).to.deep.equal([200, false, 0.3]);
    const table = await server.entity('tables', 'shop.main.sales.a');
    expect([table.at('deleted'), table.at('id'), table.at('version')]).to.deep.equal([false, id, 0.3]);
    expect(await deleted('storedProcedures', 'shop.main.sales.p')).to.equal(false);
  });
});
