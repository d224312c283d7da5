import { expect } from 'chai';
import { buildTable, type TableRows } from '../../../../src/sources/mysql/build-table.js';
import type { FactRow } from '../../../../src/sources/mysql/fact-queries.js';
import type { ColumnRow, TableRow } from '../../../../src/sources/mysql/queries.js';

const TABLE: TableRow = { tableName: 't', tableType: 'BASE TABLE', engine: 'InnoDB', comment: '' };

function column(name: string, columnType = 'int(11)', comment = ''): ColumnRow {
  return { tableName: 't', name, columnType, nullable: 'YES', comment };
}

function key(name: string, columnName: string | null): FactRow {
  return { tableName: 't', fact: 'key', name, columnName };
}

function build(rows: Partial<TableRows>): ReturnType<typeof buildTable> {
  return buildTable({
    table: TABLE,
    columns: [column('a'), column('b')],
    facts: [],
    looseKeys: new Set<string>(),
    ...rows,
  });
}

describe('A MySQL table from its catalogue rows', () => {
  it('leaves out unique indexes over expressions, which name no column', () => {
    const facts = [key('by_a', 'a'), key('functional', 'b'), key('functional', null)];
    expect(build({ facts }).uniqueKeys).to.deep.equal([['a']]);
  });

  it('drops what the server puts into comments: VIEW, free space, the error of a broken table', () => {
    const described = (table: Partial<TableRow>): string | undefined =>
      build({ table: { ...TABLE, ...table } }).description;
    expect(described({ comment: 'Mine' })).to.equal('Mine');
    expect(described({ comment: 'Mine; InnoDB free: 4096 kB' })).to.equal('Mine');
    expect(described({ comment: 'InnoDB free: 4096 kB' })).to.equal(undefined);
    expect(described({ comment: 'VIEW', tableType: 'VIEW', engine: null })).to.equal(undefined);
    expect(described({ comment: 'Table is marked as crashed', engine: null })).to.equal(undefined);
  });

  it('keeps a column of an unknown type and warns of it', () => {
    const table = build({ columns: [column('a'), column('v', 'vector(3)')] });
    expect(table.columns.map((each) => each.dataType)).to.deep.equal(['INT', 'UNKNOWN']);
    expect(table.warnings).to.deep.equal(['column v: its type vector(3) is not known']);
  });

  it('takes a longtext for JSON only by its own check', () => {
    const json = (name: string, body: string): FactRow => ({ tableName: 't', fact: 'json', name, body });
    const typeWith = (fact: FactRow): string | undefined =>
      build({ columns: [column('a', 'longtext')], facts: [fact] }).columns[0]?.dataType;
    expect(typeWith(json('a', 'json_valid(`a`)'))).to.equal('JSON');
    expect(typeWith(json('CONSTRAINT_1', 'json_valid(`a`)'))).to.equal('TEXT');
    expect(typeWith(json('a', 'json_valid(`b`)'))).to.equal('TEXT');
    expect(typeWith(json('a', 'json_valid(`a`) or `a` is null'))).to.equal('TEXT');
  });

  it('says of a foreign key whether the referred columns are unique', () => {
    const reference: FactRow = {
      tableName: 't',
      fact: 'reference',
      name: 'fk',
      columnName: 'a',
      referredSchema: 'other',
      referredTable: 'r',
      referredColumn: 'id',
    };
    const unique = (isLoose: boolean): unknown =>
      build({ facts: [reference], looseKeys: new Set(isLoose ? [reference.name] : []) }).foreignKeys?.[0]?.referred
        .unique;
    expect(unique(false)).to.equal(true);
    expect(unique(true)).to.equal(false);
  });
});
