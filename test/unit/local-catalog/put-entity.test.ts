import { expect } from 'chai';
import { omit } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, tableRequest } from './catalog-under-test.js';

describe('local catalog: PUT of an entity', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => (server = await (await CatalogUnderTest.start()).withSchema()));
  afterEach(() => server.close());

  it('creates with 201, version 0.1 and an ETag, then answers 200', async () => {
    const created = await server.call('PUT', '/tables', tableRequest('orders'));
    expect([created.status, created.at('version'), created.headers.get('etag')]).to.deep.equal([201, 0.1, 'W/"0.1"']);
    expect((await server.call('PUT', '/tables', tableRequest('orders'))).status).to.equal(200);
  });

  it('leaves version and time of an unchanged entity, whatever the order of keys and nulls', async () => {
    const first = await server.ok('PUT', '/tables', tableRequest('orders', { description: 'd', displayName: null }));
    const { description, ...rest } = tableRequest('orders', { description: 'd' });
    const second = await server.ok('PUT', '/tables', { description, ...rest, sourceUrl: null });
    expect([second.at('version'), second.at('updatedAt')]).to.deep.equal([0.1, first.at('updatedAt')]);
  });

  it('counts versions up by 0.1 without rounding errors', async () => {
    for (let step = 0; step < 12; step += 1) {
      await server.ok('PUT', '/tables', tableRequest('orders', { sourceUrl: `u${step}` }));
    }
    expect((await server.entity('tables', 'shop.main.sales.orders')).at('version')).to.equal(1.2);
  });

  it('tells where an entity stands', async () => {
    const table = await server.ok('PUT', '/tables', tableRequest('orders'));
    expect(table.at('fullyQualifiedName')).to.equal('shop.main.sales.orders');
    expect(table.at('databaseSchema', 'fullyQualifiedName')).to.equal('shop.main.sales');
    expect(table.at('database', 'name')).to.equal('main');
    expect(table.at('service', 'type')).to.equal('databaseService');
    expect(table.at('serviceType')).to.equal('Mysql');
    expect(table.at('updatedBy')).to.equal('ingestion-bot');
    expect(table.at('columns', 0, 'fullyQualifiedName')).to.equal('shop.main.sales.orders.id');
  });

  it('quotes names with dots in FQNs, and finds them however they are quoted', async () => {
    await server.ok('PUT', '/databaseSchemas', { name: 'a.b', database: '"shop"."main"' });
    const nested = [{ name: 'x.y', dataType: 'STRUCT', children: [{ name: 'z', dataType: 'INT' }] }];
    const table = await server.ok('PUT', '/tables', {
      name: 't.1',
      databaseSchema: 'shop.main."a.b"',
      columns: nested,
    });
    expect(table.at('fullyQualifiedName')).to.equal('shop.main."a.b"."t.1"');
    expect(table.at('columns', 0, 'children', 0, 'fullyQualifiedName')).to.equal('shop.main."a.b"."t.1"."x.y".z');
    await server.entity('tables', '"shop"."main"."a.b"."t.1"');
    expect((await server.call('GET', '/tables/name/shop.main.a.b.t.1')).status).to.equal(404);
  });

  it('tells names apart by case', async () => {
    await server.withTables('orders', 'Orders');
    expect((await server.ok('GET', '/tables?limit=0')).at('paging', 'total')).to.equal(2);
  });

  it('refuses names that cannot stand in an FQN or are too long', async () => {
    const bad = ['', 'a::b', 'a"b', 'a\nb', 'x'.repeat(257)];
    for (const name of bad) expect((await server.refused('PUT', '/tables', tableRequest(name)))[0], name).to.equal(400);
    await server.ok('PUT', '/tables', tableRequest('x'.repeat(256)));
    for (const fqn of ['"open', 'a."".b', 'a."b"c']) {
      expect((await server.refused('GET', `/tables/name/${encodeURIComponent(fqn)}`))[0], fqn).to.equal(400);
    }
  });

  it('refuses an unknown key by its name and place, and wrong types and words', async () => {
    const extra = tableRequest('t', { columns: [{ name: 'id', dataType: 'INT', datatype: 'INT' }] });
    expect(await server.refused('PUT', '/tables', extra)).to.deep.equal([
      400,
      'Invalid request body: unrecognized field "datatype" in columns[0]',
    ]);
    const [status, message] = await server.refused('PUT', '/tables', tableRequest('t', { tableType: 'Vue' }));
    expect(status).to.equal(400);
    expect(message).to.include('tableType: must be one of Regular, External');
    expect((await server.refused('PUT', '/tables', { name: 't' }))[1]).to.include('databaseSchema');
    expect((await server.refused('PUT', '/tables', tableRequest('t', { description: 5 })))[1]).to.include(
      'description'
    );
    expect((await server.refused('PUT', '/tables', undefined))[0]).to.equal(415);
  });

  it('answers 404 for a container that is not there or is deleted', async () => {
    const lost = { ...tableRequest('t'), databaseSchema: 'shop.main.nowhere' };
    expect(await server.refused('PUT', '/tables', lost)).to.deep.equal([
      404,
      'databaseSchema shop.main.nowhere not found',
    ]);
    const id = await server.id('databaseSchemas', 'shop.main.sales');
    await server.ok('DELETE', `/databaseSchemas/${id}?recursive=true`);
    expect((await server.refused('PUT', '/tables', tableRequest('t')))[0]).to.equal(404);
  });

  it('answers 404 for owners, domains and data products it does not have', async () => {
    const owners = [{ id: '11111111-1111-4111-8111-111111111111', type: 'user' }];
    expect((await server.refused('PUT', '/tables', tableRequest('t', { owners })))[0]).to.equal(404);
    expect(await server.refused('PUT', '/tables', tableRequest('t', { domains: ['finance'] }))).to.deep.equal([
      404,
      'domain finance not found',
    ]);
    expect((await server.refused('PUT', '/tables', tableRequest('t', { dataProducts: ['x'] })))[0]).to.equal(404);
  });

  it('knows users by name once they are put', async () => {
    expect((await server.refused('GET', '/users/name/jane'))[0]).to.equal(404);
    await server.ok('PUT', '/users', { name: 'jane', email: 'jane@example.com' });
    expect((await server.ok('GET', '/users/name/jane')).at('email')).to.equal('jane@example.com');
  });

  it('keeps everything of a table that the request may say', async () => {
    const body = tableRequest('orders', {
      displayName: 'Orders',
      description: 'd',
      tableType: 'Partitioned',
      tablePartition: { columns: [{ columnName: 'id', intervalType: 'INTEGER-RANGE', interval: '10' }] },
      tableConstraints: [{ constraintType: 'UNIQUE', columns: ['id', 'name'] }],
      schemaDefinition: 'create table …',
      locationPath: 's3://x',
      aliases: ['shop.main.sales.o'],
      retentionPeriod: 'P30D',
      fileFormat: 'parquet',
      extension: { cost: 5 },
      sourceUrl: 'http://x',
      sourceHash: 'h',
      lifeCycle: { created: { timestamp: 5, accessedByAProcess: 'me' } },
    });
    await server.ok('PUT', '/tables', body);
    const stored = (await server.entity('tables', 'shop.main.sales.orders')).body;
    expect(stored).to.deep.include(omit(body, ['columns', 'databaseSchema']));
  });
});
