import { expect } from 'chai';
import { parseColumnType } from '../../../../src/sources/mysql/column-type.js';
import { mapColumnType } from '../../../../src/sources/mysql/type-map.js';

describe('MySQL column types', () => {
  /** COLUMN_TYPE as servers print it → dataType, display, length. */
  const cases: readonly (readonly [string, string, string, number])[] = [
    ['tinyint(1)', 'TINYINT', 'tinyint', 1],
    ['tinyint(3) unsigned', 'TINYINT', 'tinyint', 1],
    ['bool', 'BOOLEAN', 'bool', 1],
    ['smallint(5) unsigned zerofill', 'SMALLINT', 'smallint', 1],
    ['mediumint', 'INT', 'mediumint', 1],
    ['int(11)', 'INT', 'int', 1],
    ['int unsigned', 'INT', 'int', 1],
    ['bigint(20) unsigned', 'BIGINT', 'bigint', 1],
    ['float', 'FLOAT', 'float', 1],
    ['float(7,3) unsigned', 'FLOAT', 'float(7,3)', 1],
    ['double(10,2)', 'DOUBLE', 'double(10,2)', 1],
    ['bit(8)', 'BIT', 'bit(8)', 1],
    ['char(3)', 'CHAR', 'char(3)', 3],
    ['varchar(255)', 'VARCHAR', 'varchar(255)', 255],
    ['tinytext', 'TEXT', 'tinytext', 1],
    ['text', 'TEXT', 'text', 1],
    ['mediumtext', 'MEDIUMTEXT', 'mediumtext', 1],
    ['longtext', 'TEXT', 'longtext', 1],
    ['binary(16)', 'BINARY', 'binary(16)', 16],
    ['varbinary(32)', 'VARBINARY', 'varbinary(32)', 32],
    ['tinyblob', 'BLOB', 'tinyblob', 1],
    ['mediumblob', 'MEDIUMBLOB', 'mediumblob', 1],
    ['longblob', 'LONGBLOB', 'longblob', 1],
    ['date', 'DATE', 'date', 1],
    ['time(3)', 'TIME', 'time', 1],
    ['datetime(6)', 'DATETIME', 'datetime', 1],
    ['datetime /* mariadb-5.3 */', 'DATETIME', 'datetime', 1],
    ['timestamp(2)', 'TIMESTAMP', 'timestamp', 1],
    ['year(4)', 'YEAR', 'year', 1],
    ["enum('s','medium','x,l','it''s')", 'ENUM', 'enum(6)', 1],
    ["set('read','a)b')", 'SET', 'set(4)', 1],
    ['json', 'JSON', 'json', 1],
    ['geomcollection', 'GEOMETRY', 'geomcollection', 1],
    ['multipolygon', 'GEOMETRY', 'multipolygon', 1],
    ['inet4', 'IPV4', 'inet4', 1],
    ['inet6', 'IPV6', 'inet6', 1],
    ['uuid', 'UUID', 'uuid', 1],
  ];
  for (const [text, dataType, dataTypeDisplay, dataLength] of cases) {
    it(`maps ${text} to ${dataType}, shown as ${dataTypeDisplay}`, () => {
      expect(mapColumnType(text)).to.deep.equal({ dataType, dataTypeDisplay, dataLength });
    });
  }

  it('keeps precision and scale of decimals', () => {
    expect(mapColumnType('decimal(10,2) unsigned')).to.deep.equal({
      dataType: 'DECIMAL',
      dataTypeDisplay: 'decimal(10,2)',
      dataLength: 1,
      precision: 10,
      scale: 2,
    });
    expect(mapColumnType('decimal(5)')).to.include({ precision: 5, scale: 0 });
  });

  it('maps a longtext that is known to be JSON to JSON', () => {
    expect(mapColumnType('longtext', true)).to.include({ dataType: 'JSON', dataTypeDisplay: 'json' });
  });

  it('maps an unknown type without arguments to NULL and one with arguments to UNKNOWN, with a warning each', () => {
    expect(mapColumnType('xmltype')).to.include({ dataType: 'NULL', dataTypeDisplay: 'xmltype', dataLength: 1 });
    const vector = mapColumnType('vector(3)');
    expect(vector).to.include({ dataType: 'UNKNOWN', dataTypeDisplay: 'vector(3)' });
    expect(vector.warning).to.include('vector(3)');
    // A name that every object has is no type.
    expect(mapColumnType('constructor')).to.include({ dataType: 'NULL' });
  });

  it('takes members apart whatever they hold', () => {
    expect(parseColumnType("enum('a,b','c)d','e''f','','\"')").arguments).to.deep.equal(['a,b', 'c)d', "e'f", '', '"']);
    expect(parseColumnType('int')).to.deep.equal({ name: 'int', arguments: undefined });
  });
});
