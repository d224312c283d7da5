import { expect } from 'chai';
import {
  advanceLifeCycle,
  buildPatch,
  markLineageProcessed,
  OpenMetadataClient,
} from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';

describe('buildPatch', () => {
  it('adds what is missing, replaces what differs, leaves alone what is equal or undefined', () => {
    const current = { sourceUrl: 'a', locationPath: 'same', columns: [{ name: 'x' }] };
    const wanted = {
      sourceUrl: 'b',
      locationPath: 'same',
      columns: [{ name: 'y' }],
      retentionPeriod: 'P1D',
      fileFormat: undefined,
    };
    expect(buildPatch(current, wanted)).to.deep.equal([
      { op: 'replace', path: '/sourceUrl', value: 'b' },
      { op: 'replace', path: '/columns', value: [{ name: 'y' }] },
      { op: 'add', path: '/retentionPeriod', value: 'P1D' },
    ]);
  });

  it('takes a field away by null and removal, and does nothing for one that is not there', () => {
    expect(buildPatch({ sourceUrl: 'a', locationPath: null }, { sourceUrl: null, locationPath: null })).to.deep.equal([
      { op: 'replace', path: '/sourceUrl', value: null },
      { op: 'remove', path: '/sourceUrl' },
    ]);
  });

  for (const field of ['description', 'displayName', 'extension']) {
    it(`replaces ${field} only by overrideMetadata and never removes it`, () => {
      expect(buildPatch({}, { [field]: 'new' })).to.have.length(1);
      expect(buildPatch({ [field]: 'typed by hand' }, { [field]: 'new' })).to.deep.equal([]);
      const override = { overrideMetadata: true };
      expect(buildPatch({ [field]: 'typed by hand' }, { [field]: 'new' }, override)).to.have.length(1);
      expect(buildPatch({ [field]: 'typed by hand' }, { [field]: null }, override).map(({ op }) => op)).to.deep.equal([
        'replace',
      ]);
    });
  }

  for (const field of ['tags', 'owners', 'tableConstraints']) {
    it(`appends to ${field} and drops nobody's members`, () => {
      expect(buildPatch({ [field]: [1] }, { [field]: [2, 1, 3] })).to.deep.equal([
        { op: 'add', path: `/${field}/-`, value: 2 },
        { op: 'add', path: `/${field}/-`, value: 3 },
      ]);
      expect(buildPatch({ [field]: [1, 2] }, { [field]: [1] })).to.deep.equal([]);
      expect(buildPatch({ [field]: [1, 2] }, { [field]: [1] }, { overrideMetadata: true })).to.deep.equal([
        { op: 'replace', path: `/${field}`, value: [1] },
      ]);
    });
  }
});

describe('a PATCH', () => {
  it('without operations is not sent', async () => {
    const transport = new RecordedTransport();
    await new OpenMetadataClient({ transport }).tables.patch('1', []);
    expect(transport.calls).to.deep.equal([]);
  });

  it('may insist on the version read before', async () => {
    const transport = new RecordedTransport();
    await new OpenMetadataClient({ transport }).tables.patch('1', [{ op: 'remove', path: '/a' }], { ifVersion: 0.2 });
    expect(transport.calls[0]).to.deep.include({ method: 'PATCH', path: '/tables/1' });
    expect(transport.calls[0]?.options.headers).to.deep.equal({ 'If-Match': 'W/"0.2"' });
  });
});

describe('the life cycle of a table', () => {
  it('only goes forward', async () => {
    const lifeCycle = {
      created: { timestamp: 10 },
      updated: { timestamp: 20, accessedByAProcess: 'etl' },
      accessed: null,
    };
    const table = { id: '1', name: 't', fullyQualifiedName: 's.d.c.t', lifeCycle };
    const transport = new RecordedTransport(({ method }) => (method === 'GET' ? { body: table } : {}));
    const { tables } = new OpenMetadataClient({ transport });
    expect(
      await advanceLifeCycle(tables, 's.d.c.t', { updated: { timestamp: 20 }, created: { timestamp: 9 } })
    ).to.equal('unchanged');
    expect(
      await advanceLifeCycle(tables, 's.d.c.t', { updated: { timestamp: 21 }, accessed: { timestamp: 5 } })
    ).to.equal('updated');
    expect(transport.calls.filter(({ method }) => method === 'PATCH').map(({ options }) => options.body)).to.deep.equal(
      [
        [
          {
            op: 'add',
            path: '/lifeCycle',
            value: { ...lifeCycle, updated: { timestamp: 21 }, accessed: { timestamp: 5 } },
          },
        ],
      ]
    );
  });
});

describe('processedLineage', () => {
  it('is set once on views and procedures', async () => {
    const transport = new RecordedTransport();
    const { tables, procedures } = new OpenMetadataClient({ transport });
    await markLineageProcessed(tables, { id: '1', processedLineage: undefined });
    await markLineageProcessed(procedures, { id: '2', processedLineage: false });
    await markLineageProcessed(tables, { id: '3', processedLineage: true });
    expect(transport.calls.map(({ path }) => path)).to.deep.equal(['/tables/1', '/storedProcedures/2']);
    expect(transport.calls[0]?.options.body).to.deep.equal([{ op: 'add', path: '/processedLineage', value: true }]);
  });
});
