import { isWithin } from '../bounds.js';
import { numberOf, outcome, shownValue } from '../outcome.js';
import { TestAborted } from '../test-aborted.js';
import type { TableRule } from '../test-rule.js';

const UNITS = ['HOUR', 'DAY', 'MONTH', 'YEAR'] as const;

/**
 * Rows whose column is at most this many hours, days, months or years older than now, by the database's clock in UTC.
 */
export const tableRowInsertedCountToBeBetween: TableRule = {
  name: 'tableRowInsertedCountToBeBetween',
  level: 'table',
  values: ['rowCount'],
  plan: ({ parameters, table }) => {
    const bounds = { min: parameters.integer('min') ?? -Infinity, max: parameters.integer('max') ?? Infinity };
    const column = parameters.requiredText('columnName');
    parameters.requiredText('rangeType');
    const unit = parameters.option('rangeType', UNITS) ?? 'DAY';
    const amount = parameters.requiredInteger('rangeInterval');
    if (amount < 0) throw new TestAborted(`parameter rangeInterval is ${amount}; it must not be negative.`);
    if (!table.columns.some(({ name }) => name === column))
      throw new TestAborted(`parameter columnName is ${JSON.stringify(column)}, which the table does not have.`);
    const inserted = { kind: 'countWhere', where: { op: 'since', column, amount, unit } } as const;
    return {
      kind: 'measured',
      measures: [inserted],
      judge: ({ value }) => {
        const rowCount = numberOf(value(inserted) ?? 0, 'insertedRows');
        const expected = `min=${shownValue(bounds.min)}, max=${shownValue(bounds.max)}`;
        const text = `Found insertedRows=${rowCount} vs. the expected ${expected}.`;
        return outcome(isWithin(rowCount, bounds), text, { rowCount });
      },
    };
  },
};
