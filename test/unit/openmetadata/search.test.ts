import { expect } from 'chai';
import { listViews, OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';

const hit = (fullyQualifiedName: string): object => ({
  _id: '1',
  _source: { id: '1', fullyQualifiedName, tableType: 'View', schemaDefinition: 'SELECT 1', columns: [] },
  sort: [fullyQualifiedName],
});

describe('the search for tables', () => {
  it('takes a pattern of FQNs', async () => {
    const transport = new RecordedTransport(() => ({
      body: { hits: { total: { value: 1 }, hits: [hit('s.d.c.t')] } },
    }));
    const found = await new OpenMetadataClient({ transport }).search.tables('s.*.*.t', { size: 5 });
    expect(found.map((table) => table.fullyQualifiedName)).to.deep.equal(['s.d.c.t']);
    expect(transport.calls[0]?.path).to.equal('/search/fieldQuery');
    expect(transport.calls[0]?.options.query).to.deep.equal({
      fieldName: 'fullyQualifiedName',
      fieldValue: 's.*.*.t',
      from: 0,
      size: 5,
      index: 'table_search_index',
      deleted: false,
    });
  });

  it('of views goes through the pages after the last FQN', async () => {
    const page = (count: number): object => ({
      hits: { hits: Array.from({ length: count }, (_, index) => hit(`s.d.c.v${index}`)) },
    });
    const transport = new RecordedTransport((_, turn) => ({ body: page(turn === 0 ? 100 : 3) }));
    const sizes: number[] = [];
    for await (const views of new OpenMetadataClient({ transport }).search.views({
      service: 's',
      unprocessedOnly: true,
    }))
      sizes.push(views.length);
    expect(sizes).to.deep.equal([100, 3]);
    expect(transport.calls.map(({ options }) => options.query?.['search_after'])).to.deep.equal([
      undefined,
      's.d.c.v99',
    ]);
    const filter = String(transport.calls[0]?.options.query?.['query_filter']);
    expect(JSON.parse(filter)).to.have.nested.property('query.bool.must').that.has.length(5);
    for (const word of ['"s"', 'MaterializedView', 'schemaDefinition', 'processedLineage'])
      expect(filter).to.include(word);
  });
});

describe('the search for containers', () => {
  it('asks for exact paths, a few thousand characters at once, and drops those that only look alike', async () => {
    const transport = new RecordedTransport(() => ({
      body: {
        hits: {
          hits: ['s3://b/x', 's3://B/x', null].map((fullPath) => ({
            _source: { id: '1', fullyQualifiedName: 'lake.x', fullPath },
          })),
        },
      },
    }));
    const { containers } = new OpenMetadataClient({ transport });
    expect(await containers.findByPaths(['s3://b/x', 's3://b'])).to.deep.equal([
      { id: '1', fullyQualifiedName: 'lake.x', fullPath: 's3://b/x' },
    ]);
    expect(transport.calls[0]?.path).to.equal('/search/query');
    expect(transport.calls[0]?.options.query).to.include({ index: 'container_search_index', deleted: false });
    expect(JSON.parse(String(transport.calls[0]?.options.query?.['query_filter']))).to.deep.equal({
      query: { bool: { must: [{ term: { deleted: false } }, { terms: { fullPath: ['s3://b/x', 's3://b'] } }] } },
    });
    await containers.findByPaths(Array.from({ length: 4 }, (_, n) => `s3://${String(n).repeat(995)}`));
    expect(transport.calls).to.have.length(3);
    expect(await containers.findByPaths([])).to.deep.equal([]);
    expect(transport.calls).to.have.length(3);
  });
});

describe("views from the server's tables", () => {
  it('are those view-like tables that have a definition', async () => {
    const table = (name: string, tableType: string, schemaDefinition?: string): object => ({
      id: name,
      name,
      fullyQualifiedName: `s.d.c.${name}`,
      tableType,
      schemaDefinition,
    });
    const data = [
      table('v', 'View', 'SELECT 1'),
      table('t', 'Regular', 'CREATE TABLE'),
      table('m', 'MaterializedView', 'SELECT 2'),
      table('e', 'View', ' '),
      table('n', 'View'),
    ];
    const transport = new RecordedTransport(() => ({ body: { data, paging: { total: 5 } } }));
    const names: string[] = [];
    const { tables } = new OpenMetadataClient({ transport });
    for await (const views of listViews(tables, { scopeType: 'service', scopeFqn: 's' }))
      names.push(...views.map(({ name }) => name));
    expect(names).to.deep.equal(['v', 'm']);
    expect(transport.calls[0]?.options.query).to.include({ service: 's', fields: 'schemaDefinition' });
  });
});
