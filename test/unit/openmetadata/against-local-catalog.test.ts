import { expect } from 'chai';
import { startLocalCatalog, type LocalCatalog } from '../../../src/local-catalog/index.js';
import {
  advanceLifeCycle,
  buildPatch,
  inlineToken,
  listViews,
  markLineageProcessed,
  OpenMetadataClient,
  requestFqn,
  sourceHash,
  type CreateTableRequest,
} from '../../../src/openmetadata/index.js';

/** A service name with a dot, so that every path and FQN has to be quoted. */
const SERVICE = 'shop.eu';
const SCHEMA = '"shop.eu".d.c';
const PIPELINE = '"shop.eu".nightly';

function table(name: string, more: Partial<CreateTableRequest> = {}): CreateTableRequest {
  const columns = ['id', 'x'].map((column) => ({ name: column, dataType: 'INT' as const }));
  const request = { name, databaseSchema: SCHEMA, columns, ...more };
  return { ...request, sourceHash: sourceHash(request) };
}

async function collected<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

describe('the client against the local catalog', () => {
  let catalog: LocalCatalog;
  let om: OpenMetadataClient;
  const scope = { scopeType: 'databaseSchema', scopeFqn: SCHEMA } as const;

  before(async () => {
    catalog = await startLocalCatalog({ file: ':memory:', port: 0 });
    om = new OpenMetadataClient({ hostPort: catalog.hostPort, token: inlineToken(catalog.token), userAgent: 'test' });
    await om.services.create({ name: SERVICE, serviceType: 'SQLite', connection: { config: { type: 'SQLite' } } });
    await om.databases.bulkPut([{ name: 'd', service: '"shop.eu"' }]);
    await om.schemas.bulkPut([{ name: 'c', database: '"shop.eu".d' }]);
  });
  after(async () => {
    await om.close();
    await catalog.close();
  });
  beforeEach(async () => {
    const view = table('v', { tableType: 'View', schemaDefinition: 'SELECT id FROM a' });
    expect(await om.tables.bulkPut([table('a'), table('b.b'), view])).to.include({ passed: 3, failed: 0 });
  });

  it('knows its version and its services', async () => {
    expect(await om.system.version()).to.not.have.property('warning');
    expect((await om.services.find(SERVICE))?.fullyQualifiedName).to.equal('"shop.eu"');
    expect(await om.services.find('none')).to.equal(undefined);
  });

  it('reports one bad row of a bulk PUT as that row', async () => {
    const { rows } = await om.tables.bulkPut([table('a'), table('lost', { databaseSchema: 'no.such.schema' })]);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([true, false]);
    expect(rows[1]?.message).to.include('no.such.schema');
  });

  it('lists by pages and counts', async () => {
    const names: string[] = [];
    for await (const { entities } of om.tables.list(scope, { limit: 2 }))
      names.push(...entities.map(({ name }) => name));
    expect(names).to.have.members(['a', 'b.b', 'v']);
    expect(await om.tables.count(scope)).to.equal(3);
    expect(await om.procedures.count({ scopeType: 'database', scopeFqn: '"shop.eu".d' })).to.equal(0);
  });

  it('adds a foreign key beside what is there, and moves the life cycle forward', async () => {
    const fqn = `${SCHEMA}."b.b"`;
    const primaryKey = { constraintType: 'PRIMARY_KEY', columns: ['id', 'x'] } as const;
    const referredColumns = [`${SCHEMA}.a.id`];
    const foreignKey = {
      constraintType: 'FOREIGN_KEY',
      columns: ['x'],
      referredColumns,
      relationshipType: 'MANY_TO_ONE',
    } as const;
    await om.tables.bulkPut([table('b.b', { tableConstraints: [primaryKey] })]);
    const read = async (): Promise<readonly unknown[]> =>
      (await om.tables.findByName(fqn, { fields: ['tableConstraints'] }))?.tableConstraints ?? [];
    const before = await read();
    const { id = '' } = (await om.tables.findByName(fqn)) ?? {};
    await om.tables.patch(id, buildPatch({ tableConstraints: before }, { tableConstraints: [...before, foreignKey] }));
    expect(await read()).to.have.length(2);
    expect(await advanceLifeCycle(om.tables, fqn, { updated: { timestamp: 5 } })).to.equal('updated');
    expect(await advanceLifeCycle(om.tables, fqn, { updated: { timestamp: 4 } })).to.equal('unchanged');
  });

  it('marks what was not seen as deleted, after a dry run', async () => {
    const request = { ...scope, seenFqns: [`${SCHEMA}.a`, `${SCHEMA}.v`] };
    const stale = await om.tables.deleteStale({ ...request, dryRun: true });
    expect(stale).to.deep.equal([{ fqn: `${SCHEMA}."b.b"`, ok: true }]);
    expect(await om.tables.count(scope)).to.equal(3);
    expect(await om.tables.deleteStale(request)).to.deep.equal(stale);
    expect(await om.tables.findByName(`${SCHEMA}."b.b"`)).to.equal(undefined);
    expect(await om.tables.findByName(`${SCHEMA}."b.b"`, { include: 'deleted' })).to.have.property('deleted', true);
  });

  it('keeps one status a run of a pipeline', async () => {
    const service = await om.services.find(SERVICE);
    await om.pipelines.create({
      name: 'nightly',
      pipelineType: 'metadata',
      service: { id: service?.id ?? '', type: 'databaseService' },
      sourceConfig: { config: { type: 'DatabaseMetadata' } },
      airflowConfig: {},
    });
    expect(await om.pipelines.getStatus(PIPELINE, 'r1')).to.equal(undefined);
    for (const pipelineState of ['running', 'success'] as const) {
      expect(
        await om.pipelines.putStatus(PIPELINE, { runId: 'r1', pipelineState, startDate: 9, timestamp: 9 })
      ).to.equal(true);
    }
    const listed = await om.pipelines.listStatuses(PIPELINE, { startTs: 0, endTs: 10 });
    expect(listed.map(({ runId, pipelineState }) => [runId, pipelineState])).to.deep.equal([['r1', 'success']]);
    expect(await om.progress.put(PIPELINE, { runId: 'r1', timestamp: 9, updateType: 'PROCESSING' })).to.equal(true);
    expect(await om.pipelines.putStatus('"shop.eu".unknown', { runId: 'r1', pipelineState: 'running' })).to.equal(
      false
    );
  });

  it('merges lineage into what is there', async () => {
    const [from, to] = [{ fqn: `${SCHEMA}.a` }, { fqn: `${SCHEMA}.v` }];
    const flow = (column: string): { fromColumns: string[]; toColumn: string } => ({
      fromColumns: [`${from.fqn}.${column}`],
      toColumn: `${to.fqn}.id`,
    });
    const merge = (column: string): Promise<string> =>
      om.lineage.mergeEdge(from, to, { source: 'ViewLineage', columnsLineage: [flow(column)] });
    expect([await merge('id'), await merge('x'), await merge('x')]).to.deep.equal(['created', 'updated', 'unchanged']);
    expect((await om.lineage.getEdgeByName(from, to))?.columnsLineage[0]?.fromColumns).to.have.length(2);
    await om.lineage.deleteBySource(to, 'ViewLineage');
    expect(await om.lineage.getEdgeByName(from, to)).to.equal(undefined);
    expect(await om.lineage.mergeEdge({ fqn: 'no.such.table.t' }, to, {})).to.equal('unknown');
  });

  it('unites stored queries and finds views from the tables and from the search', async () => {
    const query = { query: 'SELECT ?', service: '"shop.eu"' };
    for (const name of ['a', 'v']) {
      const used = await om.tables.findByName(`${SCHEMA}.${name}`);
      await om.queries.bulkPut([{ ...query, queryUsedIn: [{ id: used?.id ?? '', type: 'table' }] }]);
    }
    expect((await om.queries.findByName(requestFqn(query)))?.queryUsedIn).to.have.length(2);
    const [view] = await collected(listViews(om.tables, { scopeType: 'service', scopeFqn: '"shop.eu"' }));
    expect(view?.schemaDefinition).to.equal('SELECT id FROM a');
    if (view !== undefined) await markLineageProcessed(om.tables, view);
    expect(await collected(om.search.views({ service: SERVICE }))).to.have.length(1);
    expect(await collected(om.search.views({ service: SERVICE, unprocessedOnly: true }))).to.have.length(0);
    expect(
      (await om.search.tables('"shop.eu".*.*.a')).map(({ fullyQualifiedName }) => fullyQualifiedName)
    ).to.deep.equal([`${SCHEMA}.a`]);
  });

  it('puts classifications and tags', async () => {
    await om.classifications.put({ name: 'k', description: 'd' });
    await om.tags.put({ classification: 'k', name: 't', description: 'd' });
    const tags = [{ tagFQN: 'k.t', source: 'Classification', labelType: 'Automated', state: 'Confirmed' } as const];
    expect((await om.tables.bulkPut([table('a', { tags })])).failed).to.equal(0);
  });
});
