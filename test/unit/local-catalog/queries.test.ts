import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, names, rows } from './catalog-under-test.js';

type Used = { readonly id: string; readonly type: string };

const TEXT = 'SELECT ? FROM a';
const MD5 = createHash('md5').update(TEXT).digest('hex');

describe('local catalog: queries', () => {
  let server: CatalogUnderTest;
  let a: Used;
  let b: Used;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('a', 'b');
    const reference = async (name: string): Promise<Used> => ({
      id: await server.id('tables', `shop.main.sales.${name}`),
      type: 'table',
    });
    [a, b] = [await reference('a'), await reference('b')];
  });
  afterEach(() => server.close());

  const query = (more: JsonObject = {}): JsonObject => ({ query: TEXT, service: 'shop', ...more });

  it('are named by the MD5 of their text', async () => {
    const answer = await server.ok('PUT', '/queries', query({ query_type: 'SELECT', duration: 1.5, dialect: 'mysql' }));
    expect([answer.at('name'), answer.at('checksum'), answer.at('fullyQualifiedName')]).to.deep.equal([
      MD5,
      MD5,
      `shop.${MD5}`,
    ]);
    expect((await server.ok('GET', `/queries/name/shop.${MD5}`)).at('query')).to.equal(TEXT);
    expect((await server.ok('GET', `/queries/${answer.textAt('id')}`)).at('duration')).to.equal(1.5);
  });

  it('are put in bulk, unchanged ones without a new version', async () => {
    const bodies = [query({ queryUsedIn: [a], processedLineage: true }), query({ query: 'other', colour: undefined })];
    expect(rows(await server.ok('PUT', '/queries/bulk', bodies), 'successRequest')[0]).to.equal(`shop.${MD5}`);
    await server.ok('PUT', '/queries/bulk', bodies);
    expect((await server.entity('queries', `shop.${MD5}`)).at('version')).to.equal(0.1);
  });

  it('lose users, uses and processedLineage when a PUT leaves them out, and keep the rest', async () => {
    await server.ok('PUT', '/users', { name: 'jane', email: 'j@x.org' });
    await server.ok(
      'PUT',
      '/queries',
      query({ users: ['jane'], usedBy: ['root'], queryUsedIn: [a], processedLineage: true, duration: 3 })
    );
    const full = await server.entity('queries', `shop.${MD5}`);
    expect(full.at('users', 0, 'name')).to.equal('jane');
    expect(full.at('queryUsedIn', 0, 'fullyQualifiedName')).to.equal('shop.main.sales.a');
    await server.ok('PUT', '/queries', query());
    const bare = await server.entity('queries', `shop.${MD5}`);
    expect(['users', 'usedBy', 'queryUsedIn', 'processedLineage'].map((key) => bare.at(key))).to.deep.equal([
      [],
      [],
      [],
      false,
    ]);
    expect(bare.at('duration')).to.equal(3);
  });

  it('are listed by the entity they are used in', async () => {
    await server.ok('PUT', '/queries/bulk', [
      query({ queryUsedIn: [a, b] }),
      query({ query: 'second', queryUsedIn: [b] }),
      query({ query: 'third' }),
    ]);
    const used = async (entity: Used): Promise<unknown[]> =>
      names(await server.ok('GET', `/queries?entityId=${entity.id}`));
    expect(await used(a)).to.deep.equal([MD5]);
    expect(await used(b)).to.have.length(2);
    await server.ok('PUT', '/queries', query({ queryUsedIn: [] }));
    expect(await used(a)).to.deep.equal([]);
    expect(names(await server.ok('GET', '/queries?service=shop'))).to.have.length(3);
  });

  it('refuse unknown users, entities and services, by 404', async () => {
    expect(await server.refused('PUT', '/queries', query({ users: ['nobody'] }))).to.deep.equal([
      404,
      'user nobody not found',
    ]);
    const lost = { id: '11111111-1111-4111-8111-111111111111', type: 'table' };
    expect((await server.refused('PUT', '/queries', query({ queryUsedIn: [lost] })))[0]).to.equal(404);
    expect((await server.refused('PUT', '/queries', query({ service: 'nope' })))[0]).to.equal(404);
  });

  it('hold a text once: another name or service for it is refused by its unique checksum', async () => {
    await server.ok('PUT', '/queries', query());
    await server.ok('PUT', '/services/databaseServices', { name: 'dwh', serviceType: 'Mysql' });
    const answer = await server.ok('PUT', '/queries/bulk', [query({ service: 'dwh' }), query({ name: 'mine' })]);
    expect(answer.at('numberOfRowsFailed')).to.equal(2);
    expect(answer.at('failedRequest', 0, 'message'))
      .to.include('unique checksum')
      .and.to.include(MD5);
  });

  it('are removed for good by DELETE, their text and uses with them', async () => {
    await server.ok('PUT', '/queries', query({ queryUsedIn: [a] }));
    await server.ok('DELETE', `/queries/name/shop.${MD5}`);
    expect((await server.call('GET', `/queries/name/shop.${MD5}?include=all`)).status).to.equal(404);
    await server.ok('PUT', '/queries', query({ name: 'mine' }));
  });

  it('keep the use of a table that is marked deleted, and can name it again without a change', async () => {
    await server.ok('PUT', '/queries', query({ queryUsedIn: [a, b] }));
    await server.ok('DELETE', '/tables/name/shop.main.sales.a');
    await server.ok('PUT', '/queries', query({ queryUsedIn: [a, b] }));
    const stored = await server.entity('queries', `shop.${MD5}`);
    expect([stored.at('version'), stored.at('queryUsedIn', 0, 'id')]).to.deep.equal([0.1, a.id]);
  });

  it('lose the use of a table that is removed for good', async () => {
    await server.ok('PUT', '/queries', query({ queryUsedIn: [a, b] }));
    await server.ok('DELETE', '/tables/name/shop.main.sales.a?hardDelete=true');
    expect((await server.entity('queries', `shop.${MD5}`)).at('queryUsedIn', 0, 'id')).to.equal(b.id);
    expect(names(await server.ok('GET', `/queries?entityId=${a.id}`))).to.deep.equal([]);
  });
});
