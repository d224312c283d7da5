import { expect } from 'chai';
import { accountPage } from '../../../src/client/account/account-page.js';
import { accountText } from '../../../src/client/account/account-text.js';
import type { RunAccount } from '../../../src/client/account/run-account.js';
import { makeReport, PartRecorder, reportSteps } from '../../../src/report/index.js';

function account(): RunAccount {
  const recorder = new PartRecorder();
  recorder.incomplete('The budget is spent: s.a left for the next run.');
  recorder.incomplete('The budget is spent: s.a left for the next run.');
  recorder.incomplete('s.b takes more than the budget.', 's.b');
  const report = makeReport({
    ...{ workflow: 'profilerWorkflow', service: 's', pipelineRunId: 'r', steps: reportSteps('profiler', 'Mysql') },
    ...{ startedAt: 1, finishedAt: 2, successThreshold: 90, raiseOnError: true, part: recorder.take() },
  });
  return { description: { workflowId: 'w' }, report, stages: [] } as unknown as RunAccount;
}

describe('Reasons of a partial success by cause', () => {
  it('name what they are about where they are about one thing', () => {
    const [, causes = ''] = accountText(account()).split('Failures by cause:\n');
    expect(causes.split('\n')).to.deep.equal([
      '  2 × held back: The budget is spent: s.a left for the next run.',
      '  1 × held back: s.b takes more than the budget.',
      '      s.b',
    ]);
    const page = accountPage(account());
    expect(page).to.contain('2 ×').and.contain('<li>s.b</li>').and.not.contain('<li></li>');
  });
});
