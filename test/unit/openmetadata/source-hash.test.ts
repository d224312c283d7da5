import { expect } from 'chai';
import { hashedRequest, sourceHash, type CreateTableRequest } from '../../../src/openmetadata/index.js';

const TAG = { source: 'Classification', labelType: 'Automated', state: 'Confirmed' } as const;

const table: CreateTableRequest = {
  name: 'orders',
  databaseSchema: 's.d.c',
  tableType: 'View',
  columns: [
    {
      name: 'id',
      dataType: 'INT',
      ordinalPosition: 1,
      tags: [
        { tagFQN: 'a.x', ...TAG },
        { tagFQN: 'a.y', ...TAG },
      ],
    },
    { name: 'total', dataType: 'DECIMAL', ordinalPosition: 2, precision: 10 },
  ],
  tableConstraints: [
    { constraintType: 'UNIQUE', columns: ['id', 'total'] },
    { constraintType: 'PRIMARY_KEY', columns: ['id'] },
  ],
  schemaDefinition: 'SELECT id,\n  total FROM t',
  owners: [
    { id: '1', type: 'user' },
    { id: '2', type: 'team' },
  ],
  aliases: ['s.d.c.b', 's.d.c.a'],
};
const hash = sourceHash(table);

describe('A request that is written out with its hash', () => {
  it('says what the request says, and the hash that it has alone', () => {
    const written = hashedRequest(table);
    expect(written.sourceHash).to.equal(hash);
    expect(JSON.parse(written.json)).to.deep.equal({ ...table, sourceHash: hash });
    const nested = {
      ...table,
      columns: [{ name: 'a', dataType: 'STRUCT', children: [{ name: 'b', dataType: 'INT' }] }],
    } as const;
    expect(JSON.parse(hashedRequest(nested).json)).to.deep.equal({ ...nested, sourceHash: sourceHash(nested) });
  });

  it('needs no columns', () => {
    const procedure = { name: 'p', databaseSchema: 's.d.c', storedProcedureCode: { code: 'SELECT 1' } };
    const { json, sourceHash: own } = hashedRequest(procedure);
    expect(JSON.parse(json)).to.deep.equal({ ...procedure, sourceHash: own });
    expect(own).to.equal(sourceHash(procedure));
  });
});

describe('sourceHash', () => {
  it('is 32 hex digits and always the same for the same request', () => {
    expect(hash).to.match(/^[0-9a-f]{32}$/);
    expect(sourceHash(structuredClone(table))).to.equal(hash);
  });

  it('does not change with the order of keys, columns, tags, constraints, owners and aliases', () => {
    const [id, total] = table.columns;
    const reordered: CreateTableRequest = {
      aliases: [...(table.aliases ?? [])].reverse(),
      owners: [...(table.owners ?? [])].reverse(),
      columns: [
        ...(total === undefined ? [] : [total]),
        { ...id, name: 'id', dataType: 'INT', tags: [...(id?.tags ?? [])].reverse() },
      ],
      tableConstraints: [...(table.tableConstraints ?? [])].reverse(),
      schemaDefinition: 'SELECT id, total FROM t  ',
      tableType: 'View',
      databaseSchema: 's.d.c',
      name: 'orders',
    };
    expect(sourceHash(reordered)).to.equal(hash);
  });

  it('does not look at an earlier hash and at what the server adds to references', () => {
    const owners = [
      { id: '1', type: 'user', deleted: false },
      { id: '2', type: 'team' },
    ];
    expect(sourceHash({ ...table, sourceHash: 'f'.repeat(32), owners })).to.equal(hash);
  });

  it('changes with every other fact', () => {
    const changes: readonly Partial<CreateTableRequest>[] = [
      { name: 'order' },
      { description: 'x' },
      { tableType: 'MaterializedView' },
      { schemaDefinition: 'SELECT id, total FROM u' },
      { columns: table.columns.slice(1) },
      { columns: table.columns.map((column) => ({ ...column, description: 'x' })) },
      { tableConstraints: [{ constraintType: 'UNIQUE', columns: ['total', 'id'] }] },
      { tags: [{ tagFQN: 'a.x', ...TAG }] },
      { sourceUrl: 'https://example.org' },
    ];
    const hashes = changes.map((change) => sourceHash({ ...table, ...change }));
    expect(new Set([hash, ...hashes]).size).to.equal(changes.length + 1);
  });

  it('keeps the order of columns that have no ordinalPosition', () => {
    const columns = [
      { name: 'b', dataType: 'INT' },
      { name: 'a', dataType: 'INT' },
    ] as const;
    const request = { name: 't', databaseSchema: 's.d.c' };
    expect(sourceHash({ ...request, columns })).to.not.equal(
      sourceHash({ ...request, columns: [columns[1], columns[0]] })
    );
  });
});
