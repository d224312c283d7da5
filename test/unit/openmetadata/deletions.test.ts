import { expect } from 'chai';
import { OpenMetadataClient } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';

const request = { scopeFqn: 's.d.c', scopeType: 'databaseSchema', seenFqns: ['s.d.c.a'] } as const;

describe('deleteStale', () => {
  it('sends the scope and what was seen, soft and recursive by default', async () => {
    const transport = new RecordedTransport(() => ({ body: { status: 'success' } }));
    expect(await new OpenMetadataClient({ transport }).tables.deleteStale(request)).to.deep.equal([]);
    expect(transport.calls[0]).to.deep.include({ method: 'DELETE', path: '/tables/deleteStale' });
    expect(transport.calls[0]?.options.body).to.deep.equal({
      scopeFqn: 's.d.c',
      scopeEntityType: 'databaseSchema',
      seenFqns: ['s.d.c.a'],
      recursive: true,
      dryRun: false,
      hardDelete: false,
    });
  });

  it('answers a row for each deleted and each refused entity', async () => {
    const body = {
      dryRun: true,
      successRequest: [{ request: 's.d.c.b' }],
      failedRequest: [{ request: 's.d.c.c', message: 'has children' }],
    };
    const rows = await new OpenMetadataClient({
      transport: new RecordedTransport(() => ({ body })),
    }).schemas.deleteStale({ ...request, dryRun: true });
    expect(rows).to.deep.equal([
      { fqn: 's.d.c.b', ok: true },
      { fqn: 's.d.c.c', ok: false, message: 'has children' },
    ]);
  });

  it('is undefined on a server that does not know it', async () => {
    for (const status of [404, 405]) {
      const transport = new RecordedTransport(() => ({ status }));
      expect(await new OpenMetadataClient({ transport }).procedures.deleteStale(request)).to.equal(undefined);
    }
  });
});

describe('deleteAsync', () => {
  it('marks one entity deleted, and says when it is gone already', async () => {
    const transport = new RecordedTransport((_, turn) => ({ status: turn === 0 ? 202 : 404 }));
    const { tables } = new OpenMetadataClient({ transport });
    expect([await tables.deleteAsync('1', { recursive: true }), await tables.deleteAsync('1')]).to.deep.equal([
      true,
      false,
    ]);
    expect(transport.calls[0]).to.deep.include({ method: 'DELETE', path: '/tables/async/1' });
    expect(transport.calls[0]?.options.query).to.deep.equal({ recursive: true, hardDelete: false });
  });
});
