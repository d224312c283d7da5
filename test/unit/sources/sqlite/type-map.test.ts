import { expect } from 'chai';
import { mapDeclaredType } from '../../../../src/sources/sqlite/type-map.js';

describe('SQLite declared types', () => {
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['INTEGER', 'INT', 'integer', 1],
    ['bigint', 'BIGINT', 'bigint', 1],
    ['UNSIGNED BIG INT', 'BIGINT', 'unsigned big int', 1],
    ['VARCHAR(254)', 'VARCHAR', 'varchar(254)', 254],
    ['NATIVE CHARACTER(70)', 'CHAR', 'native character(70)', 70],
    ['TEXT', 'TEXT', 'text', 1],
    ['CLOB', 'CLOB', 'clob', 1],
    ['BLOB', 'BLOB', 'blob', 1],
    ['REAL', 'DOUBLE', 'real', 1],
    ['DOUBLE PRECISION', 'DOUBLE', 'double precision', 1],
    ['BOOLEAN', 'BOOLEAN', 'boolean', 1],
    ['TIMESTAMP', 'TIMESTAMP', 'timestamp', 1],
    ['JSON', 'JSON', 'json', 1],
    // By affinity, in SQLite's order: "CHARINT" is an integer, "FLOATING POINT" too.
    ['CHARINT', 'INT', 'charint', 1],
    ['FLOATING POINT', 'INT', 'floating point', 1],
    ['TINYTEXT', 'TEXT', 'tinytext', 1],
    ['MYBLOB', 'BLOB', 'myblob', 1],
    ['FLOAT8', 'DOUBLE', 'float8', 1],
    ['STRING', 'NUMERIC', 'string', 1],
    ['', 'UNKNOWN', 'any', 1],
  ];
  for (const [declared, dataType, dataTypeDisplay, dataLength] of cases) {
    it(`maps "${declared}" to ${dataType}`, () => {
      expect(mapDeclaredType(declared)).to.deep.include({ dataType, dataTypeDisplay, dataLength });
    });
  }

  it('keeps precision and scale of decimals', () => {
    expect(mapDeclaredType('DECIMAL (10, 2)')).to.include({ dataType: 'DECIMAL', precision: 10, scale: 2 });
    expect(mapDeclaredType('NUMERIC(5)')).to.include({ dataType: 'NUMERIC', precision: 5, scale: 0 });
  });
});
