import { expect } from 'chai';
import { columns, facts, routines, tables, traits } from '../../../../src/sources/mysql/queries.js';
import { parseServerVersion } from '../../../../src/sources/mysql/server-version.js';

const MYSQL = parseServerVersion('8.0.36');
const MARIADB = parseServerVersion('10.11.6-MariaDB');
const ALL = { references: true, json: true, views: true };

describe('MySQL catalogue statements', () => {
  it('name the schema both plainly, so that the server opens it alone, and by bytes', () => {
    for (const { sql, values } of [tables('Shop', 'a'), columns('Shop', 'a'), routines('Shop', 'a')]) {
      expect(sql).to.match(/(TABLE|ROUTINE)_SCHEMA = \? AND CAST\(\1_SCHEMA AS BINARY\) = CAST\(\? AS BINARY\)/);
      expect(values).to.deep.equal(['Shop', 'Shop', 'a']);
    }
  });

  it('have one value for each placeholder', () => {
    for (const wanted of [ALL, { references: false, json: false, views: false }]) {
      const { sql, values } = facts('s', '', MARIADB, wanted);
      expect(sql.split('?').length - 1).to.equal(values.length);
    }
    expect(traits('s', MYSQL).sql.split('?').length - 1).to.equal(traits('s', MYSQL).values.length);
  });

  it('leave out what can find nothing', () => {
    const little = facts('s', '', MARIADB, { references: false, json: false, views: false }).sql;
    expect(little).to.include('STATISTICS').and.include('PARTITIONS');
    expect(little).to.not.match(/KEY_COLUMN_USAGE|CHECK_CONSTRAINTS|VIEWS/);
  });

  it('ask MySQL for nothing that only MariaDB has', () => {
    expect(traits('s', MYSQL).sql).to.not.include('longtext');
    const sql = facts('s', '', MYSQL, { ...ALL, json: false }).sql;
    expect(sql).to.not.match(/CONVERT\(ALGORITHM|CHECK_CONSTRAINTS/);
    expect(facts('s', '', MARIADB, ALL).sql).to.match(/CONVERT\(ALGORITHM/);
  });
});
