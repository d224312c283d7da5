import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, rows, tableRequest } from './catalog-under-test.js';

describe('local catalog: bulk PUT', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => (server = await (await CatalogUnderTest.start()).withSchema()));
  afterEach(() => server.close());

  const bulk = async (
    bodies: readonly JsonObject[],
    query = 'async=false&overrideMetadata=false'
  ): Promise<unknown[]> =>
    ((await server.ok('PUT', `/tables/bulk?${query}`, bodies)).at('successRequest') as JsonObject[]).map(
      (row) => row['message']
    );

  it('puts every row and names each by its FQN', async () => {
    const answer = await server.ok('PUT', '/tables/bulk', [tableRequest('a'), tableRequest('b.c')]);
    expect(answer.body).to.deep.equal({
      dryRun: false,
      status: 'success',
      numberOfRowsProcessed: 2,
      numberOfRowsPassed: 2,
      numberOfRowsFailed: 0,
      successRequest: [
        { request: 'shop.main.sales.a', status: 200, message: 'created' },
        { request: 'shop.main.sales."b.c"', status: 200, message: 'created' },
      ],
      failedRequest: [],
    });
  });

  it('takes databases, schemas and procedures as well, parents made in calls before', async () => {
    await server.ok('PUT', '/databases/bulk', [{ name: 'two', service: 'shop' }]);
    await server.ok('PUT', '/databaseSchemas/bulk', [{ name: 's', database: 'shop.two' }]);
    const procedure = { name: 'p', databaseSchema: 'shop.two.s', storedProcedureCode: { language: 'SQL', code: 'x' } };
    const answer = await server.ok('PUT', '/storedProcedures/bulk', [procedure]);
    expect(rows(answer, 'successRequest')).to.deep.equal(['shop.two.s.p']);
    expect((await server.entity('storedProcedures', 'shop.two.s.p')).at('storedProcedureType')).to.equal(
      'StoredProcedure'
    );
  });

  it('answers 200 with the failed rows, status 400 each, and keeps the others', async () => {
    const bodies = [
      tableRequest('a'),
      { ...tableRequest('b'), databaseSchema: 'shop.main.nowhere' },
      tableRequest('c::d'),
    ];
    const answer = await server.ok('PUT', '/tables/bulk', bodies);
    expect(answer.at('status')).to.equal('partialSuccess');
    expect(answer.at('failedRequest')).to.deep.equal([
      { request: 'shop.main.nowhere.b', status: 400, message: 'databaseSchema shop.main.nowhere not found' },
      { request: 'shop.main.sales.c::d', status: 400, message: 'name c::d must not hold "::"' },
    ]);
    await server.entity('tables', 'shop.main.sales.a');
  });

  it('says failure when no row passed, success for no rows at all', async () => {
    const answer = await server.ok('PUT', '/tables/bulk', [tableRequest('a::b')]);
    expect([answer.at('status'), answer.at('numberOfRowsPassed')]).to.deep.equal(['failure', 0]);
    expect((await server.ok('PUT', '/tables/bulk', [])).at('status')).to.equal('success');
  });

  it('refuses the whole call when a row has an unknown key or a wrong type', async () => {
    const bodies = [tableRequest('a'), tableRequest('b', { colour: 'red' })];
    expect(await server.refused('PUT', '/tables/bulk', bodies)).to.deep.equal([
      400,
      'Invalid request body: unrecognized field "colour" in [1]',
    ]);
    expect((await server.call('GET', '/tables/name/shop.main.sales.a')).status).to.equal(404);
  });

  it('skips a row whose sourceHash is the stored one, without looking at the rest', async () => {
    expect(await bulk([tableRequest('a', { sourceHash: 'h1' })])).to.deep.equal(['created']);
    const before = await server.entity('tables', 'shop.main.sales.a');
    expect(await bulk([tableRequest('a', { sourceHash: 'h1', sourceUrl: 'changed' })])).to.deep.equal(['skipped']);
    expect((await server.entity('tables', 'shop.main.sales.a')).body).to.deep.equal(before.body);
  });

  it('does not skip when a hash differs or is missing, with overrideMetadata, or when the FQN comes twice', async () => {
    await bulk([tableRequest('a', { sourceHash: 'h1' })]);
    expect(await bulk([tableRequest('a', { sourceHash: 'h2', sourceUrl: '1' })])).to.deep.equal(['updated']);
    expect(await bulk([tableRequest('a', { sourceUrl: '2' })])).to.deep.equal(['updated']);
    expect(await bulk([tableRequest('a', { sourceHash: 'h1', sourceUrl: '3' })])).to.deep.equal(['updated']);
    const overriding = await bulk([tableRequest('a', { sourceHash: 'h1', sourceUrl: '4' })], 'overrideMetadata=true');
    expect(overriding).to.deep.equal(['updated']);
    const twice = [
      tableRequest('a', { sourceHash: 'h1', sourceUrl: '5' }),
      tableRequest('a', { sourceHash: 'h1', sourceUrl: '6' }),
    ];
    expect(await bulk(twice)).to.deep.equal(['updated', 'updated']);
    expect((await server.entity('tables', 'shop.main.sales.a')).at('sourceUrl')).to.equal('6');
  });

  it('does not skip a deleted entity: it comes back', async () => {
    await bulk([tableRequest('a', { sourceHash: 'h1' })]);
    await server.ok('DELETE', `/tables/${await server.id('tables', 'shop.main.sales.a')}`);
    expect(await bulk([tableRequest('a', { sourceHash: 'h1' })])).to.deep.equal(['updated']);
    expect((await server.entity('tables', 'shop.main.sales.a')).at('deleted')).to.equal(false);
  });

  it('says unchanged for the same content, and forgets a hash that the content has outgrown', async () => {
    await bulk([tableRequest('a', { sourceHash: 'h1' })]);
    expect(await bulk([tableRequest('a')])).to.deep.equal(['unchanged']);
    expect((await server.entity('tables', 'shop.main.sales.a')).at('sourceHash')).to.equal('h1');
    await bulk([tableRequest('a', { sourceUrl: 'changed' })]);
    expect((await server.entity('tables', 'shop.main.sales.a')).at('sourceHash')).to.equal(undefined);
  });

  it('gives entities that the single PUT gives', async () => {
    const more = { description: 'd', tableType: 'View', schemaDefinition: 'select 1', sourceHash: 'h' };
    await server.ok('PUT', '/tables', tableRequest('one', more));
    await bulk([tableRequest('two', more)]);
    const plain = async (name: string): Promise<string> => {
      const { text } = await server.entity('tables', `shop.main.sales.${name}`);
      return text
        .replaceAll(name, 'NAME')
        .replace(/"id":"[^"]+","name":"NAME"/, '')
        .replace(/"updatedAt":\d+/, '');
    };
    expect(await plain('one')).to.equal(await plain('two'));
  });
});
