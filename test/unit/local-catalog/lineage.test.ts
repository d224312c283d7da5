import { expect } from 'chai';
import type { JsonObject } from '../../../src/local-catalog/json-value.js';
import { type Answer, CatalogUnderTest, tableRequest } from './catalog-under-test.js';

const S = 'shop.main.sales';
const UNKNOWN = '11111111-1111-4111-8111-111111111111';

describe('local catalog: lineage', () => {
  let server: CatalogUnderTest;
  beforeEach(async () => {
    server = await (await CatalogUnderTest.start()).withSchema();
    await server.withTables('a', 'b', 'c', 'd.e');
  });
  afterEach(() => server.close());

  const between = (from: string, to: string): string =>
    `table/name/${encodeURIComponent(from)}/table/name/${encodeURIComponent(to)}`;
  const put = (from: string, to: string, details: JsonObject = {}): Promise<Answer> =>
    server.ok('PUT', `/lineage/${between(from, to)}`, details);
  const edge = async (from: string, to: string): Promise<Answer> =>
    server.ok('GET', `/lineage/getLineageEdge/${between(from, to)}`);
  const graph = (fqn: string, query = ''): Promise<Answer> =>
    server.ok('GET', `/lineage/table/name/${encodeURIComponent(fqn)}?${query}`);
  const columns = (from: string[], to: string): JsonObject => ({ fromColumns: from, toColumn: to });
  const size = (answer: Answer, key: string): number => (answer.at(key) as unknown[]).length;

  it('is put by names, answers an empty 200, and reads back', async () => {
    const details = {
      sqlQuery: 'select ?',
      source: 'ViewLineage',
      columnsLineage: [columns([`${S}.a.id`], `${S}.b.id`)],
      tempLineageTables: [{ fromEntity: 'x', toEntity: 'y' }],
    };
    const answer = await put(`${S}.a`, `${S}.b`, details);
    expect([answer.status, answer.text]).to.deep.equal([200, '']);
    expect((await edge(`${S}.a`, `${S}.b`)).at('edge')).to.deep.include({ ...details, createdBy: 'ingestion-bot' });
    await put(`${S}.a`, `${S}."d.e"`, {});
    expect((await edge(`${S}.a`, `${S}."d.e"`)).at('edge', 'source')).to.equal('Manual');
  });

  it('is put by ids and looked up by ids', async () => {
    const [a, b] = [await server.id('tables', `${S}.a`), await server.id('tables', `${S}.b`)];
    const body = {
      fromEntity: { id: a, type: 'table' },
      toEntity: { id: b, type: 'table' },
      lineageDetails: { source: 'QueryLineage', columnsLineage: [columns([`${S}.a.id`], `${S}.b.name`)] },
    };
    await server.ok('PUT', '/lineage', { edge: body });
    expect((await server.ok('GET', `/lineage/getLineageEdge/${a}/${b}`)).at('edge', 'source')).to.equal('QueryLineage');
    expect((await server.refused('GET', `/lineage/getLineageEdge/${b}/${a}`))[0]).to.equal(404);
    expect((await server.refused('PUT', '/lineage', { edge: { ...body, colour: 1 } }))[1]).to.include('"colour"');
  });

  it('PUT replaces the whole details, PATCH changes them in place', async () => {
    const first = [columns([`${S}.a.id`], `${S}.b.id`)];
    await put(`${S}.a`, `${S}.b`, { sqlQuery: 'one', source: 'ViewLineage', columnsLineage: first });
    const more = { op: 'add', path: '/columnsLineage/-', value: columns([`${S}.a.name`], `${S}.b.name`) };
    await server.ok('PATCH', `/lineage/${between(`${S}.a`, `${S}.b`)}`, [more]);
    const patched = await edge(`${S}.a`, `${S}.b`);
    expect([patched.at('edge', 'sqlQuery'), patched.at('edge', 'columnsLineage', 1, 'toColumn')]).to.deep.equal([
      'one',
      `${S}.b.name`,
    ]);
    await put(`${S}.a`, `${S}.b`, { sqlQuery: 'two', source: 'QueryLineage' });
    const replaced = await edge(`${S}.a`, `${S}.b`);
    expect(replaced.at('edge', 'columnsLineage')).to.deep.equal([]);
    expect([replaced.at('edge', 'sqlQuery'), replaced.at('edge', 'source')]).to.deep.equal(['two', 'QueryLineage']);
  });

  it('keeps its times when the same is put again', async () => {
    await put(`${S}.a`, `${S}.b`, { sqlQuery: 'one' });
    const before = (await edge(`${S}.a`, `${S}.b`)).text;
    await put(`${S}.a`, `${S}.b`, { sqlQuery: 'one' });
    expect((await edge(`${S}.a`, `${S}.b`)).text).to.equal(before);
  });

  it('drops unknown columns, and entries without a source column left, on PUT and PATCH', async () => {
    const columnsLineage = [
      columns([`${S}.a.id`, `${S}.a.nope`], `${S}.b.id`),
      columns([`${S}.a.nope`], `${S}.b.name`),
      columns([`${S}.a.id`], `${S}.b.nope`),
      columns([`${S}.a.ID`], `${S}.b.id`),
      columns([`${S}.c.id`], `${S}.b.id`),
      columns([], `${S}.b.id`),
    ];
    const kept = [columns([`${S}.a.id`], `${S}.b.id`)];
    await put(`${S}.a`, `${S}.b`, { columnsLineage });
    expect((await edge(`${S}.a`, `${S}.b`)).at('edge', 'columnsLineage')).to.deep.equal(kept);
    await server.ok('PATCH', `/lineage/${between(`${S}.a`, `${S}.b`)}`, [
      { op: 'replace', path: '/columnsLineage', value: columnsLineage },
    ]);
    expect((await edge(`${S}.a`, `${S}.b`)).at('edge', 'columnsLineage')).to.deep.equal(kept);
  });

  it('knows nested columns', async () => {
    const nested = [{ name: 's', dataType: 'STRUCT', children: [{ name: 'x', dataType: 'INT' }] }];
    await server.ok('PUT', '/tables', tableRequest('n', { columns: nested }));
    const columnsLineage = [columns([`${S}.n.s.x`], `${S}.b.id`)];
    await put(`${S}.n`, `${S}.b`, { columnsLineage });
    expect((await edge(`${S}.n`, `${S}.b`)).at('edge', 'columnsLineage')).to.deep.equal(columnsLineage);
  });

  it('answers 404 for unknown and deleted ends, an unknown pipeline and an edge that is not there', async () => {
    const refused = async (from: string, to: string, details: JsonObject = {}): Promise<number> =>
      (await server.refused('PUT', `/lineage/${between(from, to)}`, details))[0];
    expect(await refused(`${S}.a`, `${S}.nope`)).to.equal(404);
    expect(await refused(`${S}.a`, `${S}.b`, { pipeline: { id: UNKNOWN, type: 'storedProcedure' } })).to.equal(404);
    await server.ok('DELETE', `/tables/name/${S}.c`);
    expect(await refused(`${S}.c`, `${S}.b`)).to.equal(404);
    expect((await server.refused('GET', `/lineage/getLineageEdge/${between(`${S}.a`, `${S}.b`)}`))[0]).to.equal(404);
    expect((await server.refused('PATCH', `/lineage/${between(`${S}.a`, `${S}.b`)}`, []))[0]).to.equal(404);
    expect((await server.refused('PUT', `/lineage/pizza/name/x/table/name/${S}.a`, {}))[0]).to.equal(404);
    expect(await refused(`${S}.a`, `${S}.b`, { source: 'Guess' })).to.equal(400);
  });

  it('keeps the procedure that made an edge', async () => {
    const code = { storedProcedureCode: { code: 'x' } };
    const made = await server.ok('PUT', '/storedProcedures', { name: 'p', databaseSchema: S, ...code });
    await put(`${S}.a`, `${S}.b`, { pipeline: { id: made.at('id') ?? null, type: 'storedProcedure' } });
    expect((await edge(`${S}.a`, `${S}.b`)).at('edge', 'pipeline', 'fullyQualifiedName')).to.equal(`${S}.p`);
  });

  it('shows nodes and edges before and after a table, one step or more', async () => {
    await put(`${S}.a`, `${S}.b`);
    await put(`${S}.b`, `${S}.c`);
    await put(`${S}.c`, `${S}.a`);
    const near = await graph(`${S}.b`);
    expect([size(near, 'nodes'), size(near, 'upstreamEdges'), size(near, 'downstreamEdges')]).to.deep.equal([2, 1, 1]);
    expect(near.at('entity', 'fullyQualifiedName')).to.equal(`${S}.b`);
    expect(near.at('upstreamEdges', 0, 'toEntity')).to.equal(near.at('entity', 'id'));
    const far = await graph(`${S}.b`, 'upstreamDepth=3&downstreamDepth=0');
    expect([size(far, 'nodes'), size(far, 'upstreamEdges'), size(far, 'downstreamEdges')]).to.deep.equal([2, 3, 0]);
  });

  it('removes the edges of one source that lead into a table', async () => {
    await put(`${S}.a`, `${S}.b`, { source: 'ViewLineage' });
    await put(`${S}.c`, `${S}.b`, { source: 'QueryLineage' });
    await put(`${S}.b`, `${S}.c`, { source: 'ViewLineage' });
    await server.ok('DELETE', `/lineage/source/name/table/${S}.b/type/ViewLineage`);
    const left = await graph(`${S}.b`);
    expect([size(left, 'upstreamEdges'), size(left, 'downstreamEdges')]).to.deep.equal([1, 1]);
    await server.ok('DELETE', `/lineage/${between(`${S}.c`, `${S}.b`)}`);
    expect(size(await graph(`${S}.b`), 'upstreamEdges')).to.equal(0);
  });

  it('between assets of two services makes an edge between the services that counts them', async () => {
    await server.ok('PUT', '/services/databaseServices', { name: 'dwh', serviceType: 'Snowflake' });
    await server.ok('PUT', '/databases', { name: 'm', service: 'dwh' });
    await server.ok('PUT', '/databaseSchemas', { name: 's', database: 'dwh.m' });
    await server.ok('PUT', '/tables', { ...tableRequest('t'), databaseSchema: 'dwh.m.s' });
    const services = async (): Promise<unknown> => {
      const ends = ['shop', 'dwh'].map((name) => `databaseService/name/${name}`).join('/');
      const answer = await server.call('GET', `/lineage/getLineageEdge/${ends}`);
      return answer.status === 404 ? 'none' : [answer.at('edge', 'source'), answer.at('edge', 'assetEdges')];
    };
    await put(`${S}.a`, `${S}.b`);
    expect(await services()).to.equal('none');
    await put(`${S}.a`, 'dwh.m.s.t', { source: 'CrossDatabaseLineage' });
    await put(`${S}.b`, 'dwh.m.s.t', { source: 'ViewLineage' });
    await put(`${S}.b`, 'dwh.m.s.t', { source: 'ViewLineage', sqlQuery: 'again' });
    expect(await services()).to.deep.equal(['ChildAssets', 2]);
    await server.ok('DELETE', '/lineage/source/name/table/dwh.m.s.t/type/ViewLineage');
    expect(await services()).to.deep.equal(['ChildAssets', 1]);
    await server.ok('DELETE', `/tables/name/${S}.a?hardDelete=true`);
    expect(await services()).to.equal('none');
  });

  it('stays with a table that is only marked deleted, shown as such', async () => {
    await put(`${S}.a`, `${S}.b`);
    await server.ok('DELETE', `/tables/name/${S}.a`);
    const answer = await graph(`${S}.b`);
    expect([size(answer, 'upstreamEdges'), answer.at('nodes', 0, 'deleted')]).to.deep.equal([1, true]);
  });
});
