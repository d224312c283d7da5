import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, rows, tableRequest } from './catalog-under-test.js';

describe('local catalog: what a table must hold to', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => (server = await (await CatalogUnderTest.start()).withSchema()));
  afterEach(() => server.close());

  const column = (more: JsonObject): JsonObject => tableRequest('t', { columns: [{ name: 'c', ...more }] });
  const foreignKey = (referred: string): JsonObject => ({
    tableConstraints: [{ constraintType: 'FOREIGN_KEY', columns: ['id'], referredColumns: [referred] }],
  });

  it('no column name twice on one level, but on two levels', async () => {
    const twice = [
      { name: 'a', dataType: 'INT' },
      { name: 'a', dataType: 'INT' },
    ];
    const [status, message] = await server.refused('PUT', '/tables', tableRequest('t', { columns: twice }));
    expect([status, message]).to.deep.equal([400, 'shop.main.sales.t has two columns named a']);
    const nested = [{ name: 'a', dataType: 'STRUCT', children: [{ name: 'a', dataType: 'INT' }] }];
    await server.ok('PUT', '/tables', tableRequest('t', { columns: nested }));
    const nestedTwice = [{ name: 'a', dataType: 'STRUCT', children: twice }];
    expect((await server.refused('PUT', '/tables', tableRequest('t', { columns: nestedTwice })))[0]).to.equal(400);
  });

  it('a length for the character and binary types that need one', async () => {
    for (const dataType of ['CHAR', 'VARCHAR', 'BINARY', 'VARBINARY']) {
      const [status, message] = await server.refused('PUT', '/tables', column({ dataType }));
      expect([status, message.includes('dataLength')], dataType).to.deep.equal([400, true]);
      await server.ok('PUT', '/tables', column({ dataType, dataLength: 1 }));
    }
    await server.ok('PUT', '/tables', column({ dataType: 'TEXT' }));
  });

  it('an element type for arrays, and known data types', async () => {
    expect((await server.refused('PUT', '/tables', column({ dataType: 'ARRAY' })))[1]).to.include('arrayDataType');
    await server.ok('PUT', '/tables', column({ dataType: 'ARRAY', arrayDataType: 'INT' }));
    expect((await server.refused('PUT', '/tables', column({ dataType: 'SERIAL' })))[1]).to.include(
      'columns[0].dataType'
    );
  });

  it('constraints over its own columns', async () => {
    const constraint = { tableConstraints: [{ constraintType: 'UNIQUE', columns: ['id', 'nope'] }] };
    const [status, message] = await server.refused('PUT', '/tables', tableRequest('t', constraint));
    expect([status, message.includes('nope')]).to.deep.equal([400, true]);
  });

  it('foreign keys to columns that exist in tables that exist', async () => {
    await server.withTables('customers');
    await server.ok('PUT', '/tables', tableRequest('t', foreignKey('shop.main.sales.customers.id')));
    for (const referred of ['shop.main.sales.customers.nope', 'shop.main.sales.nope.id', 'id']) {
      const [status, message] = await server.refused('PUT', '/tables', tableRequest('t', foreignKey(referred)));
      expect([status, message.includes(referred)], referred).to.deep.equal([400, true]);
    }
  });

  it('foreign keys to itself, to earlier rows of the batch, and not to later or deleted tables', async () => {
    await server.ok('PUT', '/tables', tableRequest('tree', foreignKey('shop.main.sales.tree.id')));
    const batch = [
      tableRequest('one', foreignKey('shop.main.sales.two.id')),
      tableRequest('two'),
      tableRequest('three', foreignKey('shop.main.sales.two.id')),
    ];
    const answer = await server.ok('PUT', '/tables/bulk', batch);
    expect(rows(answer, 'failedRequest')).to.deep.equal(['shop.main.sales.one']);
    await server.ok('DELETE', `/tables/${await server.id('tables', 'shop.main.sales.two')}`);
    const late = await server.refused('PUT', '/tables', tableRequest('four', foreignKey('shop.main.sales.two.id')));
    expect(late[0]).to.equal(400);
  });

  it('column names without "::", line breaks and double quotes', async () => {
    for (const name of ['a::b', 'a\nb', 'a"b', '']) {
      const body = tableRequest('t', { columns: [{ name, dataType: 'INT' }] });
      expect((await server.refused('PUT', '/tables', body))[0], name).to.equal(400);
    }
    await server.ok('PUT', '/tables', tableRequest('t', { columns: [{ name: ' ', dataType: 'INT' }] }));
  });
});
