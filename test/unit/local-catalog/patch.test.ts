import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, type CallOptions, CatalogUnderTest, tableRequest } from './catalog-under-test.js';

describe('local catalog: PATCH', () => {
  let server: CatalogUnderTest;
  let id: string;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    const body = tableRequest('t', { description: 'first', sourceHash: 'h', lifeCycle: { created: { timestamp: 5 } } });
    id = (await server.ok('PUT', '/tables', body)).textAt('id');
  });
  afterEach(() => server.close());

  const patch = (operations: readonly JsonObject[], options: CallOptions = {}): Promise<Answer> =>
    server.ok('PATCH', `/tables/${id}`, operations, options);
  const refused = (operations: unknown): Promise<[number, string]> =>
    server.refused('PATCH', `/tables/${id}`, operations);

  it('changes what it names, for bots as for people, and makes a version', async () => {
    const table = await patch([
      { op: 'replace', path: '/description', value: 'second' },
      { op: 'add', path: '/displayName', value: 'T' },
      { op: 'add', path: '/columns/0/description', value: 'key' },
      { op: 'test', path: '/name', value: 't' },
    ]);
    expect(table.at('description')).to.equal('second');
    expect(table.at('columns', 0, 'description')).to.equal('key');
    expect([table.at('version'), table.at('sourceHash')]).to.deep.equal([0.2, 'h']);
  });

  it('appends to lists that are empty so far', async () => {
    await server.ok('PUT', '/classifications', { name: 'PII', description: 'd' });
    await server.ok('PUT', '/tags', { name: 'Secret', classification: 'PII', description: 'd' });
    const label = { tagFQN: 'PII.Secret', source: 'Classification', labelType: 'Manual', state: 'Confirmed' };
    const table = await patch([
      { op: 'add', path: '/tags/0', value: label },
      { op: 'add', path: '/columns/1/tags/-', value: label },
    ]);
    expect([table.at('tags', 0, 'tagFQN'), table.at('columns', 1, 'tags', 0, 'tagFQN')]).to.deep.equal([
      'PII.Secret',
      'PII.Secret',
    ]);
  });

  it('takes values away by remove, and by a replace with null', async () => {
    const table = await patch([
      { op: 'replace', path: '/description', value: null },
      { op: 'remove', path: '/sourceHash' },
    ]);
    expect([table.at('description'), table.at('sourceHash')]).to.deep.equal([undefined, undefined]);
  });

  it('leaves version and time when nothing changes', async () => {
    const before = await server.entity('tables', 'shop.main.sales.t');
    await patch([{ op: 'replace', path: '/description', value: 'first' }]);
    await patch([]);
    expect((await server.entity('tables', 'shop.main.sales.t')).body).to.deep.equal(before.body);
  });

  it('puts back what only the server may change', async () => {
    const table = await patch([
      { op: 'replace', path: '/id', value: 'x' },
      { op: 'replace', path: '/name', value: 'x' },
      { op: 'replace', path: '/fullyQualifiedName', value: 'x' },
      { op: 'replace', path: '/databaseSchema/fullyQualifiedName', value: 'x' },
      { op: 'remove', path: '/service' },
      { op: 'replace', path: '/version', value: 9 },
      { op: 'replace', path: '/deleted', value: true },
    ]);
    expect(table.at('id')).to.equal(id);
    expect(table.at('databaseSchema', 'fullyQualifiedName')).to.equal('shop.main.sales');
    expect([table.at('name'), table.at('version'), table.at('deleted')]).to.deep.equal(['t', 0.1, false]);
  });

  it('is held to what a create request is held to', async () => {
    const columns = [{ name: 'v', dataType: 'VARCHAR' }];
    expect((await refused([{ op: 'replace', path: '/columns', value: columns }]))[1]).to.include('dataLength');
    expect((await refused([{ op: 'add', path: '/colour', value: 'red' }]))[1]).to.include('"colour"');
    expect((await refused([{ op: 'add', path: '/tableType', value: 'Vue' }]))[0]).to.equal(400);
    const foreignKey = { constraintType: 'FOREIGN_KEY', columns: ['id'], referredColumns: ['shop.main.sales.x.id'] };
    expect((await refused([{ op: 'add', path: '/tableConstraints', value: [foreignKey] }]))[0]).to.equal(400);
  });

  it('takes deferred foreign keys and life cycles', async () => {
    await server.withTables('parent');
    const foreignKey = {
      constraintType: 'FOREIGN_KEY',
      columns: ['id'],
      referredColumns: ['shop.main.sales.parent.id'],
    };
    const table = await patch([
      { op: 'add', path: '/tableConstraints', value: [foreignKey] },
      { op: 'add', path: '/lifeCycle', value: { created: { timestamp: 3 }, updated: { timestamp: 9 } } },
    ]);
    expect(table.at('tableConstraints')).to.deep.equal([foreignKey]);
    expect(table.at('lifeCycle')).to.deep.equal({ created: { timestamp: 5 }, updated: { timestamp: 9 } });
  });

  it('of something else works on a table whose foreign key leads to a deleted table', async () => {
    await server.withTables('parent');
    const referredColumns = ['shop.main.sales.parent.id'];
    const foreignKey = { constraintType: 'FOREIGN_KEY', columns: ['id'], referredColumns };
    await patch([{ op: 'add', path: '/tableConstraints', value: [foreignKey] }]);
    await server.ok('DELETE', '/tables/name/shop.main.sales.parent');
    const table = await patch([{ op: 'add', path: '/displayName', value: 'T' }]);
    expect(table.at('tableConstraints', 0, 'referredColumns')).to.deep.equal(referredColumns);
  });

  it('refuses operations that do not fit, naming them, and changes nothing', async () => {
    const [status, message] = await refused([
      { op: 'replace', path: '/description', value: 'x' },
      { op: 'test', path: '/name', value: 'other' },
    ]);
    expect([status, message.includes('operation 1 (test /name)')]).to.deep.equal([400, true]);
    expect((await refused([{ op: 'replace', path: '/nope/deep', value: 1 }]))[0]).to.equal(400);
    expect((await refused([{ op: 'move', path: '/a' }]))[1]).to.include('lacks "from"');
    expect((await refused([{ op: 'add', path: '/a' }]))[1]).to.include('lacks "value"');
    expect((await refused([{ op: 'delete', path: '/a' }]))[0]).to.equal(400);
    expect((await refused({ op: 'remove', path: '/a' }))[0]).to.equal(400);
    expect((await server.entity('tables', 'shop.main.sales.t')).at('description')).to.equal('first');
  });

  it('asks for the version in If-Match when there is one', async () => {
    const change = (value: string): JsonObject[] => [{ op: 'replace', path: '/description', value }];
    await patch(change('second'), { headers: { 'if-match': 'W/"0.1"' } });
    const late = await server.call('PATCH', `/tables/${id}`, change('third'), { headers: { 'if-match': 'W/"0.1"' } });
    expect([late.status, late.at('code')]).to.deep.equal([412, 412]);
    await patch(change('third'), { headers: { 'if-match': '*' } });
  });

  it('answers 404 for an unknown id and for a deleted entity, which stays deleted', async () => {
    await server.ok('DELETE', `/tables/${id}`);
    expect((await refused([{ op: 'add', path: '/displayName', value: 'x' }]))[0]).to.equal(404);
    expect((await server.entity('tables', 'shop.main.sales.t')).at('deleted')).to.equal(true);
    expect((await server.refused('PATCH', '/tables/11111111-1111-4111-8111-111111111111', []))[0]).to.equal(404);
  });

  it('that builds a deeper nesting than a body may have is refused', async () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });
    const operations = [
      { op: 'add', path: '/extension', value: nested(70) },
      { op: 'add', path: `/extension${'/a'.repeat(69)}`, value: nested(70) },
    ];
    expect((await refused(operations))[1]).to.contain('nested more than 100 levels');
  });

  it('that copies the whole into itself again and again is refused', async () => {
    const bomb = Array.from({ length: 25 }, (_, index) => ({ op: 'copy', from: '', path: `/z${index}` }));
    const [status, message] = await refused(bomb);
    expect(status).to.equal(400);
    expect(message).to.contain('the copies of a patch may have 4 MiB together');
  });

  it('has an end to its operations, and no answer repeats a long path', async () => {
    const many = Array.from({ length: 20_001 }, () => ({ op: 'test', path: '/name', value: 't' }));
    expect(await refused(many)).to.deep.equal([400, 'Invalid request body: body: a patch may have 20000 operations']);
    for (const operation of [
      { op: 'add', path: '/a'.repeat(5000), value: 1 },
      { op: 'add', path: '/a'.repeat(5000) },
      { op: 'copy', path: '/a'.repeat(5000) },
    ])
      expect((await refused([operation]))[1])
        .to.contain('/a/a')
        .and.have.length.below(600);
  });

  it('names places of a JSON document, none of JavaScript’s', async () => {
    const places = [
      '/columns/length',
      '/columns/0x0',
      '/columns/-1',
      '/columns/1e1',
      '/name/length',
      '/__proto__/a',
      '/constructor/prototype/a',
    ];
    for (const path of places) {
      const [status, message] = await refused([{ op: 'replace', path, value: 0 }]);
      expect([path, status]).to.deep.equal([path, 400]);
      expect(message).to.contain('cannot be applied');
    }
    expect((await server.ok('GET', '/tables/name/shop.main.sales.t?fields=columns')).at('columns', 0, 'name')).to.be.a(
      'string'
    );
  });

  it('and any other body has an end to its levels', async () => {
    const text = JSON.stringify([{ op: 'add', path: '/extension', value: null }]).replace(
      'null',
      '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)
    );
    const call = async (method: string, path: string, body: string): Promise<[number, string]> => {
      const { hostPort, token } = server.catalog;
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${hostPort}/v1${path}`, { method, headers, body });
      return [answer.status, await answer.text()];
    };
    for (const [method, path] of [
      ['PATCH', `/tables/${id}`],
      ['PUT', '/tables'],
      ['PUT', '/services/databaseServices'],
    ] as const) {
      const [status, message] = await call(method, path, text);
      expect([path, status]).to.deep.equal([path, 400]);
      expect(message).to.contain('nested more than 100 levels deep');
    }
  });
});
