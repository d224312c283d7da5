import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { CatalogUnderTest, names, valueAt } from './catalog-under-test.js';

describe('local catalog: storage services and containers', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('orders');
    await server.ok('PUT', '/services/storageServices', { name: 'lake', serviceType: 'S3' });
    await server.ok('PUT', '/containers', container('exports', 's3://shop/exports'));
  });
  afterEach(() => server.close());

  const container = (name: string, fullPath: string, more: JsonObject = {}): JsonObject => ({
    name,
    service: 'lake',
    fullPath,
    ...more,
  });
  const EDGE = `container/name/lake.exports/table/name/shop.main.sales.orders`;

  it('are put, read, listed by their service, and checked', async () => {
    const found = await server.entity('containers', 'lake.exports');
    expect([found.at('fullPath'), found.at('service', 'type'), found.at('serviceType')]).to.deep.equal([
      's3://shop/exports',
      'storageService',
      'S3',
    ]);
    expect(names(await server.ok('GET', '/containers?service=lake'))).to.deep.equal(['exports']);
    const changed = container('exports', 's3://shop/exports', { prefix: '/exports', numberOfObjects: 3 });
    expect((await server.ok('PUT', '/containers', changed)).at('version')).to.equal(0.2);
    expect(await server.refused('PUT', '/containers', container('x', 's3://x', { parent: null }))).to.deep.equal([
      400,
      'Invalid request body: unrecognized field "parent"',
    ]);
    expect((await server.refused('PUT', '/containers', { name: 'x', service: 'nowhere' }))[0]).to.equal(404);
  });

  it('are found by their paths', async () => {
    await server.ok('PUT', '/containers', container('logs', 's3://shop/logs'));
    const filter = { query: { bool: { must: [{ terms: { fullPath: ['s3://shop/exports', 's3://shop'] } }] } } };
    const search = `/search/query?q=&index=container_search_index&query_filter=${encodeURIComponent(JSON.stringify(filter))}`;
    const hits = (await server.ok('GET', search)).at('hits', 'hits');
    expect(valueAt(hits, [0, '_source', 'fullyQualifiedName'])).to.equal('lake.exports');
    expect(hits).to.have.length(1);
    await server.ok('DELETE', '/services/storageServices/name/lake?recursive=true');
    expect((await server.ok('GET', search)).at('hits', 'hits')).to.deep.equal([]);
  });

  it('are ends of edges, also between the services, until they are gone', async () => {
    await server.ok('PUT', `/lineage/${EDGE}`, { source: 'QueryLineage' });
    expect((await server.ok('GET', `/lineage/getLineageEdge/${EDGE}`)).at('edge', 'source')).to.equal('QueryLineage');
    const graph = await server.ok('GET', '/lineage/table/name/shop.main.sales.orders');
    expect(graph.at('nodes', 0, 'type')).to.equal('container');
    const services = await server.ok('GET', '/lineage/databaseService/name/shop');
    expect(services.at('nodes', 0, 'fullyQualifiedName')).to.equal('lake');
    const ids = {
      fromEntity: { id: await server.id('containers', 'lake.exports'), type: 'container' },
      toEntity: { id: await server.id('tables', 'shop.main.sales.orders'), type: 'table' },
    };
    await server.ok('PUT', '/lineage', { edge: ids });
    await server.ok('DELETE', '/services/storageServices/name/lake?recursive=true&hardDelete=true');
    expect((await server.refused('GET', `/lineage/getLineageEdge/${EDGE}`))[0]).to.equal(404);
    expect((await server.ok('GET', '/lineage/databaseService/name/shop')).at('nodes')).to.deep.equal([]);
  });
});
