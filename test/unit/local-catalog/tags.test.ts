import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, rows, tableRequest } from './catalog-under-test.js';

const label = (tagFQN: string, more: JsonObject = {}): JsonObject => ({
  tagFQN,
  source: 'Classification',
  labelType: 'Automated',
  state: 'Suggested',
  ...more,
});

describe('local catalog: tags', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.ok('PUT', '/classifications', { name: 'PII', description: 'personal' });
    for (const name of ['Secret', 'Public', 'a.b']) {
      await server.ok('PUT', '/tags', { name, classification: 'PII', description: 'd' });
    }
  });
  afterEach(() => server.close());

  it('lie below a classification or another tag', async () => {
    const child = await server.ok('PUT', '/tags', { name: 'Inner', parent: 'PII.Secret', description: 'd' });
    expect(child.at('fullyQualifiedName')).to.equal('PII.Secret.Inner');
    expect(child.at('classification', 'name')).to.equal('PII');
    expect((await server.entity('tags', 'PII."a.b"')).at('name')).to.equal('a.b');
    expect((await server.refused('PUT', '/tags', { name: 'x', classification: 'Nope', description: 'd' }))[0]).to.equal(
      404
    );
    expect((await server.refused('PUT', '/tags', { name: 'x', description: 'd' }))[0]).to.equal(400);
    expect((await server.refused('PUT', '/classifications', { name: 'x' }))[1]).to.include('description');
  });

  it('can be put again without a change', async () => {
    await server.ok('PUT', '/classifications', { name: 'PII', description: 'personal' });
    await server.ok('PUT', '/tags', { name: 'Secret', classification: 'PII', description: 'd' });
    expect((await server.entity('tags', 'PII.Secret')).at('version')).to.equal(0.1);
    expect((await server.entity('classifications', 'PII')).at('version')).to.equal(0.1);
  });

  it('must exist to stand on an entity or a column: 404 alone, a failed row in bulk', async () => {
    const onTable = tableRequest('t', { tags: [label('PII.Nope')] });
    expect(await server.refused('PUT', '/tables', onTable)).to.deep.equal([404, 'tag PII.Nope not found']);
    const nested = {
      name: 'c',
      dataType: 'STRUCT',
      children: [{ name: 'd', dataType: 'INT', tags: [label('PII.Nope')] }],
    };
    const answer = await server.ok('PUT', '/tables/bulk', [
      onTable,
      tableRequest('u', { columns: [nested] }),
      tableRequest('v'),
    ]);
    expect(rows(answer, 'failedRequest')).to.deep.equal(['shop.main.sales.t', 'shop.main.sales.u']);
    const glossary = tableRequest('t', { tags: [label('Terms.x', { source: 'Glossary' })] });
    expect((await server.refused('PUT', '/tables', glossary))[0]).to.equal(404);
  });

  it('are united with those an entity and its columns have, for bots and people', async () => {
    const put = (tag: string): JsonObject =>
      tableRequest('t', { tags: [label(tag)], columns: [{ name: 'c', dataType: 'INT', tags: [label(tag)] }] });
    await server.ok('PUT', '/tables', put('PII.Secret'));
    await server.ok('PUT', '/tables', put('PII."a.b"'));
    const token = server.catalog.issueToken({ subject: 'jane', bot: false });
    await server.ok('PUT', '/tables', put('PII.Public'), { token });
    await server.ok('PUT', '/tables', tableRequest('t', { columns: [{ name: 'c', dataType: 'INT' }] }));
    const table = await server.entity('tables', 'shop.main.sales.t');
    const all = ['PII.Secret', 'PII."a.b"', 'PII.Public'];
    const fqns = (list: unknown): unknown => (list as JsonObject[]).map((tag) => tag['tagFQN']);
    expect(fqns(table.at('tags'))).to.deep.equal(all);
    expect(fqns(table.at('columns', 0, 'tags'))).to.deep.equal(all);
    expect(table.at('version')).to.equal(0.3);
  });

  it('that are gone by now stay where they stand, and cannot be put anywhere else', async () => {
    const body = tableRequest('t', { tags: [label('PII.Secret')] });
    await server.ok('PUT', '/tables', body);
    await server.ok('DELETE', '/tags/name/PII.Secret');
    const table = await server.ok('PUT', '/tables', { ...body, sourceUrl: 'u' });
    expect(table.at('tags', 0, 'tagFQN')).to.equal('PII.Secret');
    await server.ok('PATCH', `/tables/${table.textAt('id')}`, [{ op: 'add', path: '/displayName', value: 'T' }]);
    expect((await server.refused('PUT', '/tables', { ...body, name: 'u' }))[0]).to.equal(404);
  });

  it('stand on an asset once, however often and however quoted they are sent', async () => {
    const tags = [label('PII.Secret'), label('"PII".Secret', { state: 'Confirmed' })];
    const columns = [{ name: 'c', dataType: 'INT', tags }];
    const table = await server.ok('PUT', '/tables', tableRequest('t', { tags, columns }));
    expect(table.at('tags')).to.deep.equal([label('PII.Secret')]);
    expect(table.at('columns', 0, 'tags')).to.deep.equal([label('PII.Secret')]);
  });

  it('of a mutually exclusive classification stand on an asset one at a time', async () => {
    await server.ok('PUT', '/classifications', { name: 'Tier', description: 'd', mutuallyExclusive: true });
    for (const name of ['One', 'Two'])
      await server.ok('PUT', '/tags', { name, classification: 'Tier', description: 'd' });
    await server.ok('PUT', '/tables', tableRequest('t', { tags: [label('Tier.One')] }));
    const [status, message] = await server.refused('PUT', '/tables', tableRequest('t', { tags: [label('Tier.Two')] }));
    expect([status, message]).to.deep.equal([400, 'The tags Tier.One and Tier.Two exclude each other on one asset']);
  });
});
