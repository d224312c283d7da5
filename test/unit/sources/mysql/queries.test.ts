import { expect } from 'chai';
import { facts } from '../../../../src/sources/mysql/fact-queries.js';
import { columns, routines, tables } from '../../../../src/sources/mysql/queries.js';
import { referredSchemas } from '../../../../src/sources/mysql/reference-queries.js';
import { parseServerVersion } from '../../../../src/sources/mysql/server-version.js';

const MYSQL = parseServerVersion('8.0.36');
const MARIADB = parseServerVersion('10.11.6-MariaDB');
const ALL = { includeViews: true };
const NO_VIEWS = { includeViews: false };

describe('MySQL catalogue statements', () => {
  it('name the schema both plainly, so that the server opens it alone, and by bytes', () => {
    for (const { sql, values } of [
      tables('Shop', { after: 'a' }),
      columns('Shop', { after: 'a' }),
      routines('Shop', 'a'),
    ]) {
      expect(sql).to.match(/(TABLE|ROUTINE)_SCHEMA = \? AND CAST\(\1_SCHEMA AS BINARY\) = CAST\(\? AS BINARY\)/);
      expect(values).to.deep.equal(['Shop', 'Shop', 'a']);
    }
  });

  it('have one value for each placeholder', () => {
    for (const wanted of [ALL, NO_VIEWS]) {
      const { sql, values } = facts('s', { after: '' }, MARIADB, wanted);
      expect(sql.split('?').length - 1).to.equal(values.length);
    }
    const referred = referredSchemas('s');
    expect(referred.sql.split('?').length - 1).to.equal(referred.values.length);
  });

  it('leave out views that are not wanted', () => {
    expect(facts('s', { after: '' }, MARIADB, ALL).sql).to.include('VIEWS');
    expect(facts('s', { after: '' }, MARIADB, NO_VIEWS).sql).to.not.include('VIEWS');
  });

  it('ask MySQL for nothing that only MariaDB has', () => {
    expect(facts('s', { after: '' }, MYSQL, ALL).sql).to.not.match(/CONVERT\(ALGORITHM|CHECK_CONSTRAINTS/);
    expect(facts('s', { after: '' }, MARIADB, ALL).sql)
      .to.match(/CONVERT\(ALGORITHM/)
      .and.match(/CHECK_CONSTRAINTS/);
  });
});
