import { expect } from 'chai';
import { Row } from '../../../../src/sources/snowflake/session/row.js';
import { toColumns } from '../../../../src/sources/snowflake/type-map.js';
import type { SourceColumn } from '../../../../src/sources/index.js';

function columnOf(type: string, facts: object = {}): SourceColumn | undefined {
  return toColumns([new Row({ COLUMN_NAME: 'C', DATA_TYPE: type, IS_NULLABLE: 'YES', ORDINAL_POSITION: 1, ...facts })])
    .columns[0];
}

const CASES: readonly (readonly [type: string, facts: object, expected: object])[] = [
  [
    'NUMBER',
    { NUMERIC_PRECISION: 38, NUMERIC_SCALE: 0 },
    { dataType: 'DECIMAL', dataTypeDisplay: 'NUMBER(38,0)', dataLength: 1, precision: 38, scale: 0 },
  ],
  [
    'DECIMAL',
    { NUMERIC_PRECISION: 12, NUMERIC_SCALE: 2 },
    { dataType: 'DECIMAL', dataTypeDisplay: 'DECIMAL(12,2)', precision: 12, scale: 2 },
  ],
  ['INTEGER', {}, { dataType: 'INT', dataTypeDisplay: 'INTEGER', dataLength: 1 }],
  ['BIGINT', {}, { dataType: 'BIGINT' }],
  ['BYTEINT', {}, { dataType: 'SMALLINT' }],
  ['FLOAT', {}, { dataType: 'FLOAT', dataTypeDisplay: 'FLOAT' }],
  ['DECFLOAT', {}, { dataType: 'DOUBLE' }],
  ['TEXT', { CHARACTER_MAXIMUM_LENGTH: 255 }, { dataType: 'VARCHAR', dataTypeDisplay: 'TEXT(255)', dataLength: 255 }],
  ['CHAR', { CHARACTER_MAXIMUM_LENGTH: 1 }, { dataType: 'CHAR', dataTypeDisplay: 'CHAR(1)', dataLength: 1 }],
  ['BINARY', { CHARACTER_OCTET_LENGTH: 16 }, { dataType: 'BINARY', dataTypeDisplay: 'BINARY(16)', dataLength: 16 }],
  ['BOOLEAN', {}, { dataType: 'BOOLEAN' }],
  ['DATE', {}, { dataType: 'DATE' }],
  ['TIME', {}, { dataType: 'TIME' }],
  ['DATETIME', {}, { dataType: 'DATETIME' }],
  ['TIMESTAMP_NTZ', {}, { dataType: 'TIMESTAMP', dataTypeDisplay: 'TIMESTAMP_NTZ' }],
  ['TIMESTAMP_LTZ', {}, { dataType: 'TIMESTAMP' }],
  ['TIMESTAMP_TZ', {}, { dataType: 'TIMESTAMP' }],
  ['VARIANT', {}, { dataType: 'JSON', dataTypeDisplay: 'VARIANT' }],
  ['OBJECT', {}, { dataType: 'JSON' }],
  ['ARRAY', {}, { dataType: 'ARRAY', arrayDataType: 'UNKNOWN' }],
  ['MAP', {}, { dataType: 'MAP' }],
  ['GEOGRAPHY', {}, { dataType: 'GEOGRAPHY' }],
  ['GEOMETRY', {}, { dataType: 'GEOMETRY' }],
  ['VECTOR(FLOAT, 256)', {}, { dataType: 'BINARY', dataTypeDisplay: 'VECTOR' }],
  ['UUID', {}, { dataType: 'UUID' }],
];

describe('Snowflake: types of columns', () => {
  for (const [type, facts, expected] of CASES) {
    it(`reads ${type} as the type map says`, () => {
      expect(columnOf(type, facts)).to.deep.include(expected);
    });
  }

  it('stores an unknown type as NULL under its own name, with a warning for the table', () => {
    const { columns, warnings } = toColumns([new Row({ COLUMN_NAME: 'C', DATA_TYPE: 'HOLOGRAM', IS_NULLABLE: 'NO' })]);
    expect(columns).to.deep.equal([
      { name: 'C', dataType: 'NULL', dataTypeDisplay: 'HOLOGRAM', dataLength: 1, nullable: false },
    ]);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('C').and.contain('HOLOGRAM');
  });

  it('leaves out the columns Snowflake adds for clustering', () => {
    expect(columnOf('NUMBER', { COLUMN_NAME: 'SYS_CLUSTERING_COLUMN_1' })).to.equal(undefined);
  });
});
