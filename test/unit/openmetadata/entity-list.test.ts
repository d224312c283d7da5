import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { OpenMetadataClient, type EntityKind, type ScopeType } from '../../../src/openmetadata/index.js';
import { RecordedTransport } from './recorded-transport.js';
import { errorOf } from './transport-under-test.js';

const entity = (fullyQualifiedName: string, more: object = {}): object => ({
  id: fullyQualifiedName,
  name: 'n',
  fullyQualifiedName,
  ...more,
});
const scope = { scopeType: 'databaseSchema', scopeFqn: 's.d.c' } as const;

describe('a list of entities', () => {
  it('goes through the pages by their cursors', async () => {
    const transport = new RecordedTransport((_, turn) => ({
      body: {
        data: [entity(`s.d.c.t${turn}`, { sourceHash: 'x', deleted: null, extra: 1 })],
        paging: { total: 2, ...(turn === 0 ? { after: 'p2' } : {}) },
      },
    }));
    const pages = [];
    for await (const page of new OpenMetadataClient({ transport }).tables.list(scope, {
      fields: ['columns', 'tags'],
      limit: 1,
    }))
      pages.push(page);
    expect(
      pages.map(({ entities, after, total }) => [entities[0]?.fullyQualifiedName, entities[0]?.deleted, after, total])
    ).to.deep.equal([
      ['s.d.c.t0', false, 'p2', 2],
      ['s.d.c.t1', false, undefined, 2],
    ]);
    const query = { databaseSchema: 's.d.c', fields: 'columns,tags', limit: 1, include: undefined };
    expect(transport.calls.map(({ options }) => options.query)).to.deep.equal([
      { ...query, after: undefined },
      { ...query, after: 'p2' },
    ]);
  });

  it('holds only what is below the scope, also when the server does not understand the filter', async () => {
    const data = ['s.d.c.t', 's.d.other.t', '"s".d.c.u', 's.d.cc.t', 's.d.c'].map((fqn) => entity(fqn));
    const transport = new RecordedTransport(() => ({ body: { data, paging: { total: 5 } } }));
    const found: string[] = [];
    for await (const { entities } of new OpenMetadataClient({ transport }).tables.list(scope))
      found.push(...entities.map((each) => each.fullyQualifiedName));
    expect(found).to.deep.equal(['s.d.c.t', '"s".d.c.u']);
  });

  it('that turns in a circle or is no list is an error, not a short list', async () => {
    const read = async (body: unknown): Promise<void> => {
      const transport = new RecordedTransport(() => ({ body }));
      for await (const page of new OpenMetadataClient({ transport }).tables.list(scope))
        expect(page).to.be.an('object');
    };
    const circle = await errorOf(read({ data: [], paging: { total: 1, after: 'same' } }), PermanentError);
    expect(circle.message).to.include('the same page again');
    const noList = await errorOf(read({ data: [{ id: 1 }], paging: { total: 1 } }), PermanentError);
    expect(noList.message).to.include('data.0.id');
  });
});

describe('a count of entities', () => {
  it('is one call where the server knows the filter', async () => {
    const known: readonly (readonly [EntityKind, ScopeType])[] = [
      ['databases', 'service'],
      ['databaseSchemas', 'database'],
      ['tables', 'database'],
      ['tables', 'databaseSchema'],
      ['storedProcedures', 'databaseSchema'],
    ];
    for (const [kind, scopeType] of known) {
      const transport = new RecordedTransport(() => ({ body: { data: [], paging: { total: 42 } } }));
      expect(await new OpenMetadataClient({ transport }).entities(kind).count({ scopeType, scopeFqn: 'x' })).to.equal(
        42
      );
      expect(transport.calls.map(({ options }) => options.query)).to.deep.equal([{ [scopeType]: 'x', limit: 0 }]);
    }
  });

  it('is made by listing where the server would count everything', async () => {
    const data = [entity('s.d.c.p'), entity('s.other.c.p')];
    const transport = new RecordedTransport(() => ({ body: { data, paging: { total: 2 } } }));
    expect(
      await new OpenMetadataClient({ transport }).procedures.count({ scopeType: 'database', scopeFqn: 's.d' })
    ).to.equal(1);
  });
});

describe('an entity by name', () => {
  it('is found by its encoded FQN, or absent', async () => {
    const transport = new RecordedTransport((_, turn) =>
      turn === 0
        ? { body: entity('s."d.x".c.t', { columns: [{ name: 'a', children: [{ name: 'b' }] }] }) }
        : { status: 404 }
    );
    const { tables } = new OpenMetadataClient({ transport });
    expect(
      (await tables.findByName('s."d.x".c.t', { fields: ['columns'], include: 'all' }))?.columns?.[0]?.children[0]?.name
    ).to.equal('b');
    expect(await tables.findByName('s.d.c.gone')).to.equal(undefined);
    expect(transport.calls[0]).to.deep.include({ method: 'GET', path: '/tables/name/s.%22d.x%22.c.t' });
    expect(transport.calls[0]?.options.query).to.deep.equal({ fields: 'columns', include: 'all' });
  });
});
