import { expect } from 'chai';
import { OpenMetadataClient, queryChecksum, type CreateQueryRequest } from '../../../src/openmetadata/index.js';
import { RecordedTransport, type RecordedCall } from './recorded-transport.js';

const ids = ['4f7c1d8e-55a1-4d4a-9b0a-0e1f6d3c2b1a', '5f7c1d8e-55a1-4d4a-9b0a-0e1f6d3c2b1a'] as const;
const text = 'SELECT ? FROM a';
const FQN = `shop.${queryChecksum(text)}`;
const request: CreateQueryRequest = {
  query: text,
  service: 'shop',
  processedLineage: true,
  queryUsedIn: [{ id: ids[1], type: 'table' }],
};
const success = (call: RecordedCall): object => ({
  successRequest: (call.options.body as readonly CreateQueryRequest[]).map((each) => ({
    request: `shop.${queryChecksum(each.query)}`,
  })),
});

describe('stored queries', () => {
  it('are listed by id alone, a thousand a call', async () => {
    const page = (after?: string): object => ({
      data: [{ id: after === undefined ? '1' : '2', fullyQualifiedName: `s.${after ?? ''}`, query: text }],
      paging: { total: 2, ...(after === undefined ? { after: 'x' } : {}) },
    });
    const transport = new RecordedTransport(({ options }) => ({
      body: page((options.query as { after?: string } | undefined)?.after),
    }));
    const found = await new OpenMetadataClient({ transport }).queries.listIds('s', { most: 2 });
    expect([...(found ?? [])]).to.deep.equal([
      ['s.', '1'],
      ['s.x', '2'],
    ]);
    expect(transport.calls.map(({ options }) => options.query)).to.deep.equal([
      { service: 's', limit: 1, after: undefined },
      { service: 's', limit: 1_000, after: 'x' },
    ]);
    expect(await new OpenMetadataClient({ transport }).queries.listIds('s', { most: 1 })).to.equal(undefined);
  });

  it('are named by the MD5 of their text', () => {
    expect(queryChecksum('abc')).to.equal('900150983cd24fb0d6963f7d28e17f72');
    expect(FQN).to.match(/^shop\.[0-9a-f]{32}$/);
  });

  it('are united with what the server has, which a PUT would empty', async () => {
    const stored = {
      id: '9',
      fullyQualifiedName: FQN,
      query: text,
      processedLineage: true,
      queryUsedIn: [{ id: ids[0], type: 'table', name: 'a', href: 'x' }],
      users: [{ id: 'u', type: 'user', name: 'ann', fullyQualifiedName: 'ann' }],
      usedBy: ['etl'],
    };
    const transport = new RecordedTransport((call) => ({ body: call.method === 'GET' ? stored : success(call) }));
    const { passed } = await new OpenMetadataClient({ transport }).queries.bulkPut([
      { query: text, service: 'shop', usedBy: ['bi'], queryUsedIn: request.queryUsedIn ?? [] },
    ]);
    expect(passed).to.equal(1);
    expect(transport.calls.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      `GET /queries/name/${FQN}`,
      'PUT /queries/bulk',
    ]);
    expect(transport.calls[1]?.options.body).to.deep.equal([
      {
        query: text,
        service: 'shop',
        users: ['ann'],
        usedBy: ['etl', 'bi'],
        queryUsedIn: [
          { id: ids[0], type: 'table' },
          { id: ids[1], type: 'table' },
        ],
        processedLineage: true,
      },
    ]);
  });

  it('of the same text are sent once, and each request has its row', async () => {
    const transport = new RecordedTransport((call) =>
      call.method === 'GET' ? { status: 404 } : { body: success(call) }
    );
    const again = { ...request, queryUsedIn: [{ id: ids[0], type: 'table' }] };
    const { rows } = await new OpenMetadataClient({ transport }).queries.bulkPut([
      request,
      { query: 'SELECT ?', service: 'shop' },
      again,
    ]);
    expect(rows.map(({ ok }) => ok)).to.deep.equal([true, true, true]);
    expect(rows[0]?.fqn).to.equal(rows[2]?.fqn);
    const sent = transport.calls.at(-1)?.options.body as readonly CreateQueryRequest[];
    expect(sent.map(({ query, queryUsedIn }) => [query, queryUsedIn?.map(({ id }) => id)])).to.deep.equal([
      [text, [ids[1], ids[0]]],
      ['SELECT ?', undefined],
    ]);
  });

  it('are sent again for the newest runs, and not twice', async () => {
    const stored = { id: '9', fullyQualifiedName: FQN, query: text, queryDate: 5, duration: 100 };
    const sent = async (of: Partial<CreateQueryRequest>): Promise<unknown> => {
      const transport = new RecordedTransport((call) => ({ body: call.method === 'GET' ? stored : success(call) }));
      const { queries } = new OpenMetadataClient({ transport });
      await queries.bulkPut([{ query: text, service: 'shop', ...of }], { newestRuns: true });
      const put = transport.calls.find(({ method }) => method === 'PUT')?.options.body;
      const [row] = (put ?? []) as readonly CreateQueryRequest[];
      return row === undefined ? undefined : [row.queryDate, row.duration, row.usedBy];
    };
    expect(await sent({ queryDate: 5, duration: 100 })).to.equal(undefined);
    expect(await sent({ queryDate: 5 })).to.equal(undefined);
    expect(await sent({ queryDate: 4, duration: 200 })).to.equal(undefined);
    expect(await sent({ queryDate: 5, duration: 200 })).to.deep.equal([5, 200, []]);
    expect(await sent({ queryDate: 6 })).to.deep.equal([6, 100, []]);
    expect(await sent({ queryDate: 4, duration: 200, usedBy: ['bi'] })).to.deep.equal([5, 100, ['bi']]);
  });

  it('that another service holds already are no failure, and said to be held there', async () => {
    const failedRequest = [
      { request: FQN, status: 400, message: "Duplicate entry for key 'query_entity.unique_query_checksum'" },
    ];
    const transport = new RecordedTransport(({ method }) =>
      method === 'GET' ? { status: 404 } : { body: { failedRequest } }
    );
    const { failed, rows } = await new OpenMetadataClient({ transport }).queries.bulkPut([request]);
    expect([failed, rows]).to.deep.equal([0, [{ fqn: FQN, ok: true, heldElsewhere: true }]]);
  });

  it('that are refused for another reason are failed rows', async () => {
    const failedRequest = [{ request: FQN, status: 404, message: 'databaseService shop not found' }];
    const transport = new RecordedTransport(({ method }) =>
      method === 'GET' ? { status: 404 } : { body: { failedRequest } }
    );
    const { rows } = await new OpenMetadataClient({ transport }).queries.bulkPut([request]);
    expect(rows[0]).to.deep.equal({ fqn: FQN, ok: false, message: 'databaseService shop not found' });
  });
});
