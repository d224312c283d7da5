import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, CatalogUnderTest, tableRequest } from './catalog-under-test.js';

describe('local catalog: what a PUT leaves of an entity that exists', () => {
  let server: CatalogUnderTest;
  let person: string;
  let jane: JsonObject;
  let joe: JsonObject;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    person = server.catalog.issueToken({ subject: 'jane', bot: false });
    const user = async (name: string): Promise<JsonObject> => {
      const answer = await server.ok('PUT', '/users', { name, email: `${name}@x.org` });
      return { id: answer.at('id') ?? null, type: 'user' };
    };
    [jane, joe] = [await user('jane'), await user('joe')];
  });
  afterEach(() => server.close());

  const put = (more: JsonObject, query = '', token?: string): Promise<Answer> =>
    server.ok('PUT', `/tables${query}`, tableRequest('t', more), token === undefined ? {} : { token });
  const override = '?overrideMetadata=true';
  const columnsWith = (more: JsonObject): JsonObject => ({ columns: [{ name: 'id', dataType: 'INT', ...more }] });

  it('a bot fills an empty description and display name, and leaves set ones', async () => {
    await put({});
    await put({ description: 'first', displayName: 'First' });
    const table = await put({ description: 'second', displayName: 'Second' });
    expect([table.at('description'), table.at('displayName')]).to.deep.equal(['first', 'First']);
  });

  it('a bot with overrideMetadata replaces them, even by nothing', async () => {
    await put({ description: 'first', displayName: 'First' });
    expect((await put({ description: 'second' }, override)).at('description')).to.equal('second');
    expect((await put({}, override)).at('description')).to.equal(undefined);
  });

  it('a person replaces them, even by nothing', async () => {
    await put({ description: 'first', displayName: 'First' });
    const table = await put({ displayName: 'Second' }, '', person);
    expect([table.at('description'), table.at('displayName')]).to.deep.equal([undefined, 'Second']);
    expect(table.at('updatedBy')).to.equal('jane');
  });

  it('owners are never lost by leaving them out, and only replaced by a person or with overrideMetadata', async () => {
    const owner = (answer: Answer): unknown => answer.at('owners', 0, 'name');
    await put({ owners: [jane] });
    expect(owner(await put({}))).to.equal('jane');
    expect(owner(await put({}, override))).to.equal('jane');
    expect(owner(await put({}, '', person))).to.equal('jane');
    expect(owner(await put({ owners: [joe] }))).to.equal('jane');
    expect(owner(await put({ owners: [joe] }, override))).to.equal('joe');
    expect(owner(await put({ owners: [jane] }, '', person))).to.equal('jane');
  });

  it("a column's description stays, is replaced with overrideMetadata, and never emptied by a bot", async () => {
    const description = (answer: Answer): unknown => answer.at('columns', 0, 'description');
    await put(columnsWith({ description: 'first' }));
    expect(description(await put(columnsWith({ description: 'second' })))).to.equal('first');
    expect(description(await put(columnsWith({ description: 'second' }), override))).to.equal('second');
    expect(description(await put(columnsWith({}), override))).to.equal('second');
    expect(description(await put(columnsWith({}), '', person))).to.equal(undefined);
  });

  it("a column's display name stays always for a bot, and children's texts too", async () => {
    await put(columnsWith({ displayName: 'Id' }));
    const kept = await put(columnsWith({ displayName: 'Other' }), override);
    expect(kept.at('columns', 0, 'displayName')).to.equal('Id');
    const nested = (more: JsonObject): JsonObject =>
      columnsWith({ dataType: 'STRUCT', children: [{ name: 'x', dataType: 'INT', ...more }] });
    await put(nested({ description: 'inner' }));
    expect((await put(nested({}))).at('columns', 0, 'children', 0, 'description')).to.equal('inner');
  });

  it('columns are otherwise those of the request, in its order', async () => {
    await put(columnsWith({ description: 'first', dataTypeDisplay: 'int' }));
    const columns = [
      { name: 'new', dataType: 'TEXT' },
      { name: 'id', dataType: 'BIGINT', dataTypeDisplay: 'bigint' },
    ];
    const table = await put({ columns });
    expect(table.at('columns', 0)).to.include({ name: 'new', dataType: 'TEXT' });
    expect(table.at('columns', 1)).to.include({ dataType: 'BIGINT', dataTypeDisplay: 'bigint', description: 'first' });
  });

  it('what only the source says is replaced, even by nothing', async () => {
    await put({ schemaDefinition: 'select 1', sourceUrl: 'u', tableType: 'View', locationPath: 'p' });
    const table = await put({ schemaDefinition: 'select 2' });
    expect(table.at('schemaDefinition')).to.equal('select 2');
    for (const key of ['sourceUrl', 'tableType', 'locationPath']) expect(table.at(key), key).to.equal(undefined);
  });

  it('of a life cycle the later of each part, and the stored one when it is left out', async () => {
    const at = (timestamp: number): JsonObject => ({ timestamp });
    await put({ lifeCycle: { created: at(5), updated: at(50) } });
    const table = await put({ lifeCycle: { created: at(7), updated: at(40), accessed: at(1) } });
    const merged = { created: at(7), updated: at(50), accessed: at(1) };
    expect(table.at('lifeCycle')).to.deep.equal(merged);
    expect((await put({})).at('lifeCycle')).to.deep.equal(merged);
  });

  it('an extension stays when it is left out', async () => {
    await put({ extension: { cost: 1 } });
    expect((await put({})).at('extension')).to.deep.equal({ cost: 1 });
  });

  it('processedLineage stays as long as the definition does', async () => {
    const view = await put({ tableType: 'View', schemaDefinition: 'select 1' });
    const done = [{ op: 'add', path: '/processedLineage', value: true }];
    await server.ok('PATCH', `/tables/${view.textAt('id')}`, done);
    const same = await put({ tableType: 'View', schemaDefinition: 'select 1', sourceUrl: 'u' });
    expect(same.at('processedLineage')).to.equal(true);
    const other = await put({ tableType: 'View', schemaDefinition: 'select 2' });
    expect(other.at('processedLineage')).to.equal(undefined);
  });
});
