import { expect } from 'chai';
import {
  advanceLifeCycle,
  listViews,
  OpenMetadataClient,
  sourceHash,
  type CreateTableRequest,
} from '../../../src/openmetadata/index.js';
import { CatalogUnderTest } from './catalog-under-test.js';

const SCHEMA = { scopeType: 'databaseSchema', scopeFqn: 'shop.main.sales' } as const;
const table = (name: string, more: Partial<CreateTableRequest> = {}): CreateTableRequest => {
  const columns = [
    { name: 'id', dataType: 'INT' as const },
    { name: 'parent', dataType: 'INT' as const },
  ];
  const request = { name, databaseSchema: 'shop.main.sales', columns, ...more };
  return { ...request, sourceHash: sourceHash(request) };
};

describe("local catalog: the worker's own client", () => {
  let server: CatalogUnderTest;
  let client: OpenMetadataClient;
  beforeEach(async () => {
    server = await CatalogUnderTest.start();
    const { hostPort, token } = server.catalog;
    client = new OpenMetadataClient({ hostPort, token: () => Promise.resolve(token), userAgent: 'test' });
    const connection = { config: { type: 'Mysql', authType: { password: 'pw' } } };
    await client.services.create({ name: 'shop', serviceType: 'Mysql', connection });
    await client.databases.bulkPut([{ name: 'main', service: 'shop' }]);
    await client.schemas.bulkPut([{ name: 'sales', database: 'shop.main' }]);
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('accepts its version, and gets connections in clear', async () => {
    expect(await client.system.version()).to.deep.equal({ version: '2.0.7' });
    const service = await client.services.find('shop');
    expect(JSON.stringify(service?.connection)).to.include('pw');
    expect(await client.services.find('nope')).to.equal(undefined);
  });

  it('puts tables in bulk, is told of each row, lists and counts them', async () => {
    const outcome = await client.tables.bulkPut([
      table('a'),
      table('b.c'),
      table('d', { databaseSchema: 'shop.main.no' }),
    ]);
    expect([outcome.passed, outcome.failed]).to.deep.equal([2, 1]);
    expect(outcome.rows[2]).to.deep.include({ fqn: 'shop.main.no.d', ok: false });
    const found: string[] = [];
    for await (const page of client.tables.list(SCHEMA, { limit: 1 })) {
      found.push(...page.entities.map((entity) => `${entity.fullyQualifiedName} ${entity.sourceHash?.length ?? 0}`));
    }
    expect(found).to.deep.equal(['shop.main.sales.a 32', 'shop.main.sales."b.c" 32']);
    expect(await client.tables.count(SCHEMA)).to.equal(2);
  });

  it('changes nothing by a second run', async () => {
    const requests = [table('a'), table('b')];
    await client.tables.bulkPut(requests);
    const before = (await server.ok('GET', '/tables?fields=*')).text;
    await client.tables.bulkPut(requests);
    await client.databases.bulkPut([{ name: 'main', service: 'shop' }]);
    expect((await server.ok('GET', '/tables?fields=*')).text).to.equal(before);
  });

  it('deletes what it did not see, by deleteStale or one by one', async () => {
    await client.tables.bulkPut([table('a'), table('b'), table('c')]);
    const rows = await client.tables.deleteStale({ ...SCHEMA, seenFqns: ['shop.main.sales.a', 'shop.main.sales.c'] });
    expect(rows?.map((row) => row.fqn)).to.deep.equal(['shop.main.sales.b']);
    const found = await client.tables.findByName('shop.main.sales.c');
    await client.tables.deleteAsync(found?.id ?? '', { recursive: false, hardDelete: false });
    expect(await client.tables.findByName('shop.main.sales.c')).to.equal(undefined);
    expect(await client.tables.count(SCHEMA)).to.equal(1);
  });

  it('patches life cycles', async () => {
    await client.tables.bulkPut([table('a')]);
    const lifeCycle = { updated: { timestamp: 5, accessedByAProcess: 'me' } };
    expect(await advanceLifeCycle(client.tables, 'shop.main.sales.a', lifeCycle)).to.equal('updated');
    expect(await advanceLifeCycle(client.tables, 'shop.main.sales.a', lifeCycle)).to.equal('unchanged');
    expect(await advanceLifeCycle(client.tables, 'shop.main.sales.x', lifeCycle)).to.equal('unknown');
  });

  it('merges lineage and queries, the second time without a change', async () => {
    await client.tables.bulkPut([table('a'), table('b')]);
    const [from, to] = [{ fqn: 'shop.main.sales.a' }, { fqn: 'shop.main.sales.b' }];
    const flow = (column: string) => ({
      source: 'QueryLineage' as const,
      sqlQuery: 'select ?',
      columnsLineage: [{ fromColumns: [`shop.main.sales.a.${column}`], toColumn: `shop.main.sales.b.${column}` }],
    });
    expect(await client.lineage.mergeEdge(from, to, flow('id'))).to.equal('created');
    expect(await client.lineage.mergeEdge(from, to, flow('parent'))).to.equal('updated');
    expect(await client.lineage.mergeEdge(from, to, flow('id'))).to.equal('unchanged');
    expect(await client.lineage.mergeEdge(from, { fqn: 'shop.main.sales.no' }, flow('id'))).to.equal('unknown');
    expect((await client.lineage.getEdgeByName(from, to))?.columnsLineage).to.have.length(2);

    const used = await client.tables.findByName('shop.main.sales.a');
    const query = { query: 'select ?', service: 'shop', queryUsedIn: [{ id: used?.id ?? '', type: 'table' }] };
    expect(await client.queries.bulkPut([query, query])).to.include({ passed: 2, failed: 0 });
  });

  it('finds tables and views', async () => {
    const view = { tableType: 'View' as const, schemaDefinition: 'select 1' };
    await client.tables.bulkPut([table('a'), ...Array.from({ length: 120 }, (_, i) => table(`v${i}`, view))]);
    expect((await client.search.tables('shop.*.*.A')).map((hit) => hit.fullyQualifiedName)).to.deep.equal([
      'shop.main.sales.a',
    ]);
    let hits = 0;
    for await (const page of client.search.views({ service: 'shop', unprocessedOnly: true })) hits += page.length;
    let listed = 0;
    for await (const page of listViews(client.tables, SCHEMA)) listed += page.length;
    expect([hits, listed]).to.deep.equal([120, 120]);
  });

  it('creates its pipeline, reports to it and reads the reports back', async () => {
    const service = await client.services.find('shop');
    const made = await client.pipelines.create({
      name: 'nightly',
      pipelineType: 'metadata',
      service: { id: service?.id ?? '', type: 'databaseService' },
      sourceConfig: {},
      airflowConfig: {},
    });
    expect((await client.pipelines.find('shop.nightly'))?.id).to.equal(made.id);
    expect(await client.pipelines.getStatus('shop.nightly', 'r1')).to.equal(undefined);
    const status = { runId: 'r1', pipelineState: 'running', startDate: 5, timestamp: 5 } as const;
    expect(await client.pipelines.putStatus('shop.nightly', status)).to.equal(true);
    expect(await client.pipelines.putStatus('shop.nope', status)).to.equal(false);
    expect((await client.pipelines.getStatus('shop.nightly', 'r1'))?.pipelineState).to.equal('running');
    expect(await client.pipelines.listStatuses('shop.nightly', { startTs: 0, endTs: 10 })).to.have.length(1);
    const progress = { runId: 'r1', timestamp: 1, updateType: 'DISCOVERY' } as const;
    expect(await client.progress.put('shop.nightly', progress)).to.equal(true);
    expect(await client.progress.put('shop.nope', progress)).to.equal(false);
  });

  it('puts classifications and tags before the tables that carry them', async () => {
    await client.classifications.put({ name: 'PII', description: 'd' });
    await client.tags.put({ classification: 'PII', name: 'Secret', description: 'd' });
    const tags = [
      { tagFQN: 'PII.Secret', source: 'Classification', labelType: 'Automated', state: 'Suggested' } as const,
    ];
    expect(await client.tables.bulkPut([table('a', { tags })])).to.include({ passed: 1 });
  });
});
