import { expect } from 'chai';
import { CatalogUnderTest, tableRequest } from './catalog-under-test.js';

describe('local catalog: HTTP', () => {
  let server: CatalogUnderTest;
  before(async () => (server = await (await CatalogUnderTest.start()).withSchema()));
  after(() => server.close());

  it('answers unknown calls below /api/v1 by 404 as JSON, told apart from absent entities', async () => {
    expect(await server.refused('GET', '/pizza')).to.deep.equal([
      404,
      'HTTP 404 Not Found: there is no GET /api/v1/pizza',
    ]);
    expect(await server.refused('GET', '/tables/name/a.b.c.d')).to.deep.equal([404, 'table a.b.c.d not found']);
  });

  it('answers other unknown paths by a page', async () => {
    const response = await fetch(`${server.catalog.url}/v1/system/version`);
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([404, 'text/html; charset=utf-8']);
  });

  it('refuses broken JSON, a broken path and an unknown content type by their own codes', async () => {
    expect((await server.refused('PUT', '/tables', '{"name":'))[0]).to.equal(400);
    expect((await server.refused('GET', '/tables/name/%E0%A4%A'))[0]).to.equal(400);
    const headers = { 'content-type': 'text/plain' };
    expect((await server.refused('PUT', '/tables', 'x', { headers }))[0]).to.equal(415);
    const patch = { headers: { 'content-type': 'application/json' } };
    expect(await server.refused('PATCH', '/tables/1', [], patch)).to.deep.equal([
      415,
      'This call takes application/json-patch+json, not application/json',
    ]);
  });

  it('refuses a body that would change prototypes', async () => {
    expect((await server.refused('PUT', '/tables', '{"__proto__": {"x": 1}}'))[0]).to.equal(400);
  });

  it('takes a body of 20 MB and refuses one above 64 MiB by 413', async () => {
    await server.ok('PUT', '/tables', tableRequest('long', { description: 'x'.repeat(20_000_000) }));
    const answer = await server.call('PUT', '/tables', tableRequest('longer', { description: 'x'.repeat(68_000_000) }));
    expect(answer.status).to.equal(413);
  });

  it('finds entities by FQNs of any length and with any characters in the path', async () => {
    const name = `${'ä'.repeat(200)}/%?#&+ "`.slice(0, -1);
    await server.ok('PUT', '/tables', tableRequest(name));
    expect((await server.entity('tables', `shop.main.sales.${name}`)).at('name')).to.equal(name);
  });

  it('takes a DELETE with a content type and no body', async () => {
    await server.withTables('gone');
    const id = await server.id('tables', 'shop.main.sales.gone');
    const headers = { 'content-type': 'application/json' };
    await server.ok('DELETE', `/tables/${id}`, undefined, { headers });
  });

  it('refuses query parameters that are no numbers, flags or known words', async () => {
    for (const query of ['limit=-1', 'limit=x', 'include=some', 'fields=nonsense', 'after=nonsense']) {
      expect((await server.refused('GET', `/tables?${query}`))[0], query).to.equal(400);
    }
    expect((await server.refused('PUT', '/tables/bulk?overrideMetadata=maybe', []))[0]).to.equal(400);
  });

  it('gives the connection test of the connectors it knows', async () => {
    const answer = await server.ok('GET', '/services/testConnectionDefinitions/name/Mysql.testConnectionDefinition');
    expect(answer.at('steps', 0)).to.include({ name: 'CheckAccess', mandatory: true });
    expect(
      await server.refused('GET', '/services/testConnectionDefinitions/name/Pizza.testConnectionDefinition')
    ).to.deep.equal([404, 'testConnectionDefinition Pizza.testConnectionDefinition not found']);
  });
});
