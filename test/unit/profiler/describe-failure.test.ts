import { expect } from 'chai';
import { PermanentError, StatementTimeout } from '../../../src/errors/index.js';
import type { Measuring } from '../../../src/measures/index.js';
import { describeFailure } from '../../../src/profiler/describe-failure.js';
import { takeCustom } from '../../../src/profiler/take-custom.js';

const ended = new StatementTimeout('MariaDB at h:1 ended the statement at its time limit.', {
  remedy: 'Raise connectionArguments.read_timeout (seconds).',
});

describe('A statement that was ended at its time limit', () => {
  it('is told with the recipe’s own key, and not one of the driver', () => {
    expect(describeFailure(ended, 'let it read fewer rows')).to.equal(
      'MariaDB at h:1 ended the statement at its time limit. Raise timeoutSeconds, or let it read fewer rows; if another session has locked the table, end that.'
    );
    expect(describeFailure(new PermanentError('No.', { remedy: 'Do it.' }), 'wait')).to.equal('No. Do it.');
  });

  it('costs a custom metric its value alone, and is told so there, too', async () => {
    const measuring = { usersOwn: () => Promise.reject(ended) } as unknown as Measuring;
    const remarks = { failures: [] as string[], empty: [] as string[] };
    expect(await takeCustom([{ name: 'slow', sql: 'SELECT SLEEP(9)' }], measuring, remarks)).to.deep.equal({});
    expect(remarks.failures).to.deep.equal([
      'Custom metric slow has no value: MariaDB at h:1 ended the statement at its time limit. Raise timeoutSeconds, or mend its SELECT; if another session has locked the table, end that.',
    ]);
  });
});
