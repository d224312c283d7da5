import { expect } from 'chai';
import {
  databaseRequest,
  procedureRequest,
  schemaRequest,
  tableRequest,
  withForeignKeys,
} from '../../../src/metadata/requests.js';
import { requestTags } from '../../../src/metadata/tags.js';
import { sourceHash, type CreateTableRequest } from '../../../src/openmetadata/index.js';
import { column, table } from './fake-source.js';

const place = { service: 'my.shop', database: 'default', schema: 'sales' };

describe('Create requests', () => {
  it('quotes a service with a dot and rewrites names below it', () => {
    expect(databaseRequest('my.shop', { kind: 'database', name: 'a>b' })).to.include({
      name: 'a__reserved__arrow__b',
      service: '"my.shop"',
    });
    expect(schemaRequest('my.shop', { kind: 'schema', database: 'a>b', name: 's.t', weight: 1 })).to.include({
      name: 's.t',
      database: '"my.shop".a__reserved__arrow__b',
    });
  });

  it('leaves out what the source does not know instead of sending empty texts', () => {
    const { request } = tableRequest(table('t', { description: '' }), place);
    expect(request).to.have.all.keys('name', 'databaseSchema', 'tableType', 'columns');
    expect(request.columns[0]).to.have.all.keys('name', 'dataType', 'dataTypeDisplay', 'dataLength', 'constraint');
  });

  it('gives a column without a length the length 1', () => {
    const { request } = tableRequest(table('t', { columns: [column('a'), column('b', { dataLength: 0 })] }), place);
    expect(request.columns.map((each) => each.dataLength)).to.deep.equal([1, 0]);
  });

  it('keeps the first of columns whose stored names are the same, and says what it left out', () => {
    const alike = [column('a"b'), column('a__reserved__quote__b', { dataType: 'TEXT' }), column(''), column(' ')];
    const { request, warnings } = tableRequest(table('t', { columns: alike }), place);
    expect(request.columns.map((each) => [each.name, each.dataType])).to.deep.equal([
      ['a__reserved__quote__b', 'INT'],
      [' ', 'INT'],
    ]);
    expect(warnings.map((text) => text.slice(0, 44))).to.deep.equal([
      'the column "a__reserved__quote__b" is left o',
      'the column " " is left out: OpenMetadata sto',
    ]);
  });

  it('puts nested columns below their parent without constraints of their own', () => {
    const nested = column('doc', { dataType: 'STRUCT', children: [column('x', { nullable: false })] });
    const { request } = tableRequest(table('t', { columns: [nested] }), place);
    expect(request.columns[0]?.children?.[0]).to.include({ name: 'x' }).and.not.to.have.property('constraint');
  });

  it('gives requests that differ different hashes, and the foreign keys count', () => {
    const keyed = table('t', {
      foreignKeys: [{ columns: ['id'], referred: { schema: 'sales', table: 'o', columns: ['k'] } }],
    });
    const parts = tableRequest(keyed, place);
    const hashes = [
      withForeignKeys(parts, []),
      parts.request,
      withForeignKeys({ ...parts, request: { ...parts.request, description: 'd' } }, []),
    ].map(sourceHash);
    expect(new Set(hashes).size).to.equal(3);
    expect(sourceHash(withForeignKeys(parts, parts.foreignKeys))).to.equal(hashes[1]);
  });

  it('appends foreign keys after the other constraints', () => {
    const keyed = table('t', {
      columns: [column('a'), column('b')],
      primaryKey: ['a', 'b'],
      foreignKeys: [{ columns: ['a'], referred: { schema: 'sales', table: 'o', columns: ['k'] } }],
    });
    const parts = tableRequest(keyed, place);
    const types = (request: CreateTableRequest): unknown =>
      request.tableConstraints?.map((each) => each.constraintType);
    expect(types(parts.request)).to.deep.equal(['PRIMARY_KEY', 'FOREIGN_KEY']);
    expect(types(withForeignKeys(parts, []))).to.deep.equal(['PRIMARY_KEY']);
  });

  it('says SQL for a procedure whose language the source does not tell', () => {
    const request = procedureRequest(
      { kind: 'procedure', name: 'p', procedureType: 'StoredProcedure', code: 'SELECT 1' },
      place
    );
    expect(request).to.deep.include({
      databaseSchema: '"my.shop".default.sales',
      storedProcedureCode: { language: 'SQL', code: 'SELECT 1' },
    });
  });

  it('finds each tag once, on columns and their children too', () => {
    const pii = { classification: 'P.II', tag: 'Name' };
    const tagged = table('t', {
      tags: [pii],
      columns: [column('a', { tags: [pii], children: [column('b', { tags: [{ classification: 'C', tag: 'd' }] })] })],
    });
    expect(requestTags(tableRequest(tagged, place).request)).to.deep.equal([pii, { classification: 'C', tag: 'd' }]);
  });
});
