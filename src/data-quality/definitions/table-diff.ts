import { TestAborted } from '../test-aborted.js';
import type { TableRule } from '../test-rule.js';

/** Compares the rows of two tables, of the same or of different services. */
export const tableDiff: TableRule = {
  name: 'tableDiff',
  level: 'table',
  values: ['removedRows', 'addedRows', 'changedRows', 'diffCount'],
  plan: ({ parameters }) => {
    const names = (parameter: string): readonly string[] | undefined => parameters.list(parameter)?.map(String);
    const [keys1, keys2, columns] = [names('keyColumns'), names('table2.keyColumns'), names('useColumns')];
    const where = parameters.text('where');
    const threshold = parameters.integer('threshold') ?? 0;
    if (threshold < 0) throw new TestAborted(`parameter threshold is ${threshold}; it must not be negative.`);
    if (keys1 !== undefined && keys2 !== undefined && keys1.length !== keys2.length)
      throw new TestAborted(
        `parameters keyColumns and table2.keyColumns name ${keys1.length} and ${keys2.length} columns; they must be as many.`
      );
    return {
      kind: 'diff',
      table2: parameters.requiredText('table2').trim(),
      ...(keys1 === undefined || keys1.length === 0 ? {} : { keys1 }),
      ...(keys2 === undefined || keys2.length === 0 ? {} : { keys2 }),
      ...(columns === undefined || columns.length === 0 ? {} : { columns }),
      ...(where === undefined ? {} : { where }),
      threshold,
      caseSensitiveColumns: parameters.flag('caseSensitiveColumns'),
    };
  },
};
