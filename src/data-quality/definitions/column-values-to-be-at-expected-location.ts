import { TestAborted } from '../test-aborted.js';
import type { ColumnRule } from '../test-rule.js';

/**
 * Compares locations with reference data on French towns, which the Python package contains and this worker doesn't.
 */
export const columnValuesToBeAtExpectedLocation: ColumnRule = {
  name: 'columnValuesToBeAtExpectedLocation',
  level: 'column',
  values: ['validLocation', 'invalidLocation', 'unknownLocation'],
  plan: () => {
    throw new TestAborted(
      'it needs geographical reference data, which this worker does not have. Run it with the Python framework, or write a tableCustomSQLQuery.'
    );
  },
};
