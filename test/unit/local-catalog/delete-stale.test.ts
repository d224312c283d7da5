import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, CatalogUnderTest, names, rows, tableRequest } from './catalog-under-test.js';

const SCHEMA = { scopeFqn: 'shop.main.sales', scopeEntityType: 'databaseSchema' };

describe('local catalog: deleteStale', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('a', 'b', 'c.d');
    await server.ok('PUT', '/databaseSchemas', { name: 'other', database: 'shop.main' });
    await server.ok('PUT', '/tables', { ...tableRequest('x'), databaseSchema: 'shop.main.other' });
  });
  afterEach(() => server.close());

  const stale = (collection: string, body: JsonObject): Promise<Answer> =>
    server.ok('DELETE', `/${collection}/deleteStale`, body);
  const live = async (): Promise<unknown[]> => names(await server.ok('GET', '/tables'));

  it('marks the live tables of the scope that were not seen, one row each', async () => {
    const answer = await stale('tables', { ...SCHEMA, seenFqns: ['shop.main.sales.a', 'shop.main.sales."c.d"'] });
    expect(answer.body).to.deep.equal({
      dryRun: false,
      status: 'success',
      numberOfRowsProcessed: 1,
      numberOfRowsPassed: 1,
      numberOfRowsFailed: 0,
      successRequest: [{ request: 'shop.main.sales.b', status: 200 }],
      failedRequest: [],
    });
    expect(await live()).to.deep.equal(['a', 'c.d', 'x']);
    expect((await server.entity('tables', 'shop.main.sales.b')).at('deleted')).to.equal(true);
  });

  it('compares FQNs part by part: quoting does not matter, case does', async () => {
    const seenFqns = ['"shop"."main"."sales"."a"', 'shop.main.sales.B', 'shop.main.sales."c.d"'];
    const answer = await stale('tables', { ...SCHEMA, scopeFqn: '"shop".main."sales"', seenFqns });
    expect(rows(answer, 'successRequest')).to.deep.equal(['shop.main.sales.b']);
  });

  it('deletes nothing when nothing was seen', async () => {
    for (const body of [{ ...SCHEMA, seenFqns: [] }, SCHEMA]) {
      expect((await stale('tables', body)).at('numberOfRowsProcessed')).to.equal(0);
    }
    expect(await live()).to.have.length(4);
  });

  it('deletes nothing when the scope does not exist, and takes FQNs of other scopes', async () => {
    const lost = await stale('tables', { ...SCHEMA, scopeFqn: 'shop.main.nowhere', seenFqns: ['a'] });
    expect([lost.at('status'), lost.at('numberOfRowsProcessed')]).to.deep.equal(['success', 0]);
    const foreign = await stale('tables', { ...SCHEMA, seenFqns: ['shop.main.other.x', '"broken'] });
    expect(foreign.at('numberOfRowsPassed')).to.equal(3);
    expect(await live()).to.deep.equal(['x']);
  });

  it('reaches any depth below a database or service', async () => {
    const body = { scopeFqn: 'shop', scopeEntityType: 'service', seenFqns: ['shop.main.other.x'] };
    expect(rows(await stale('tables', body), 'successRequest')).to.deep.equal([
      'shop.main.sales."c.d"',
      'shop.main.sales.a',
      'shop.main.sales.b',
    ]);
  });

  it('of a dry run answers the same rows and deletes nothing', async () => {
    const body = { ...SCHEMA, seenFqns: ['shop.main.sales.a'] };
    const dry = await stale('tables', { ...body, dryRun: true });
    expect([dry.at('dryRun'), (await live()).length]).to.deep.equal([true, 4]);
    const real = await stale('tables', body);
    expect(rows(dry, 'successRequest')).to.deep.equal(rows(real, 'successRequest'));
  });

  it('takes containers with what they contain', async () => {
    const body = { scopeFqn: 'shop.main', scopeEntityType: 'database', seenFqns: ['shop.main.other'] };
    await stale('databaseSchemas', body);
    expect(await live()).to.deep.equal(['x']);
  });

  it('without recursive fails a container with live children by a row of 500', async () => {
    await server.ok('PUT', '/databaseSchemas', { name: 'empty', database: 'shop.main' });
    const body = {
      scopeFqn: 'shop.main',
      scopeEntityType: 'database',
      seenFqns: ['shop.main.other'],
      recursive: false,
    };
    for (const dryRun of [true, false]) {
      const answer = await stale('databaseSchemas', { ...body, dryRun });
      expect(answer.at('status')).to.equal('partialSuccess');
      expect(answer.at('failedRequest', 0)).to.deep.equal({
        request: 'shop.main.sales',
        status: 500,
        message: 'databaseSchema shop.main.sales is not empty',
      });
      expect(rows(answer, 'successRequest')).to.deep.equal(['shop.main.empty']);
    }
  });

  it('leaves what is deleted already, and removes for good with hardDelete', async () => {
    const body = { ...SCHEMA, seenFqns: ['shop.main.sales.a'] };
    await stale('tables', body);
    expect((await stale('tables', body)).at('numberOfRowsProcessed')).to.equal(0);
    await stale('tables', { ...SCHEMA, seenFqns: ['shop.main.sales.b'], hardDelete: true });
    expect((await server.ok('GET', '/tables?limit=0&include=all')).at('paging', 'total')).to.equal(3);
  });

  it('refuses a missing scope, an unknown kind of scope and unknown keys', async () => {
    const bodies: JsonObject[] = [
      { scopeEntityType: 'database', seenFqns: ['a'] },
      { scopeFqn: 'shop', seenFqns: ['a'] },
      { scopeFqn: 'shop', scopeEntityType: 'pizza', seenFqns: ['a'] },
      { ...SCHEMA, seenFqns: ['a'], colour: 'red' },
    ];
    for (const body of bodies) {
      expect((await server.refused('DELETE', '/tables/deleteStale', body))[0], JSON.stringify(body)).to.equal(400);
    }
  });

  it('exists for tables, procedures, schemas and databases only', async () => {
    const service = { scopeFqn: 'shop', scopeEntityType: 'service', seenFqns: ['shop.main'] };
    for (const collection of ['tables', 'storedProcedures', 'databaseSchemas', 'databases']) {
      await stale(collection, { ...service, dryRun: true });
    }
    expect((await server.call('DELETE', '/services/databaseServices/deleteStale', service)).status).to.equal(404);
  });
});
