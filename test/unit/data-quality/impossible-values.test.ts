import { expect } from 'chai';
import { impossibleValues } from '../../../src/data-quality/impossible-values.js';
import type { Condition } from '../../../src/data-quality/measure.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';

describe("Values of a test's set that its column can not have", () => {
  const dialect = mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0 } as never);
  const column = (name: string) => ({ name, dataType: name === 'd' ? ('DATE' as const) : ('VARCHAR' as const) });
  const of = (name: string, ...values: string[]): readonly string[] => {
    const inSet: Condition = { op: 'in', column: name, values };
    const where: Condition = { op: 'and', all: [{ op: 'not', of: inSet }, inSet] };
    return impossibleValues([{ kind: 'rowCount' }, { kind: 'countWhere', where }], { dialect, column });
  };

  it('are told, each once', () => {
    const [first = '', second = '', ...more] = of('d', '2026-13-45', '2026-01-31', 'soon');
    expect(first).to.match(/^"2026-13-45" is in no row of d \(DATE\)\. Such a column has dates and times in quotes \(/);
    expect(second).to.match(/^"soon" is in no row/);
    expect(more).to.deep.equal([]);
    expect(of('t', '2026-13-45')).to.deep.equal([]);
  });
});
