import { expect } from 'chai';
import { compileMeasures, type Ask } from '../../../src/measures/index.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';

const dialect = mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0, text: '10.11.0-MariaDB' });
const rows = { table: { database: 'd', schema: 's', table: 't' }, isView: false } as const;

function asks(name: string, bins: number): Ask[] {
  const bounds = Array.from({ length: bins - 1 }, (_, at) => at + 1);
  return Array.from({ length: bins }, (_, at) => ({
    key: `${name} ${at}`,
    measure: { of: 'bin', column: { name, dataType: 'INT' }, bounds, at },
  }));
}

describe('Values that are counted in bins', () => {
  it('are looked up by halves, in one statement for all columns', () => {
    const { statements } = compileMeasures(dialect, rows, [...asks('a', 100), ...asks('b', 3)]);
    expect(statements).to.have.length(1);
    const sql = statements[0]?.sql ?? '';
    expect(sql.match(/`a` < /g)).to.have.length(99);
    let depth = 0;
    const depths = (sql.match(/\bCASE\b|\bEND\b/g) ?? []).map((word) => (depth += word === 'CASE' ? 1 : -1));
    // the outermost is of values that aren't NULL
    expect(Math.max(...depths)).to.equal(1 + 7);
  });

  it('have 0 where no row comes back, and leave out what is in no bin', () => {
    const [statement] = compileMeasures(dialect, rows, [...asks('a', 3), ...asks('b', 2)]).statements;
    const values = statement?.read([
      [0, 2, 7],
      [0, null, 5],
      [1, 0, '3'],
    ]);
    expect(Object.fromEntries(values ?? [])).to.deep.equal({ 'a 0': 0, 'a 1': 0, 'a 2': 7, 'b 0': 3, 'b 1': 0 });
  });
});
