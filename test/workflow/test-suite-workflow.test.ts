import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { expect } from 'chai';
import { NO_PART, type RunReport } from '../../src/report/index.js';
import { records, scriptedRun, type ScriptedRun } from './scripted-run.js';

const WORKFLOW = { workflow: 'testSuiteWorkflow' };

function unitsOf({ calls }: ScriptedRun, name: string): number[] {
  return calls
    .filter((call) => call.startsWith(`${name}:`))
    .map((call) => Number(call.split(':')[1]))
    .sort((left, right) => left - right);
}

describe('testSuiteWorkflow', function () {
  this.timeout(240_000);

  it('lists the tests, runs and publishes them unit by unit, each published after its own run', async () => {
    await scriptedRun(WORKFLOW, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.slice(0, 2)).to.deep.equal(['prepareRun', 'listTests']);
      for (const name of ['runTests', 'publishResults']) expect(unitsOf(run, name)).to.deep.equal([0, 1, 2]);
      for (const unit of [0, 1, 2])
        expect(run.calls.indexOf(`publishResults:${unit}`)).to.be.above(run.calls.indexOf(`runTests:${unit}`));
      expect(run.calls.slice(-2)).to.deep.equal(['finishRun', 'removeStaged']);
    });
  });

  it('hands on what is named by `only`', async () => {
    const only = ['id_is_unique'];
    await scriptedRun({ ...WORKFLOW, input: { recipePath: 'shop.yaml', only } }, async (run) => {
      await run.handle.result();
      expect(run.inputs.find((input) => (input as { only?: unknown }).only !== undefined)).to.deep.include({
        only,
      });
    });
  });

  it('publishes a unit again when the catalog asks to wait, without running its tests again', async () => {
    let asked = 0;
    const activities = (): object => ({
      publishResults: async () => {
        asked += 1;
        return asked === 1 ? { part: NO_PART, retryAfterMs: 50 } : { part: records('sink', 1) };
      },
    });
    await scriptedRun({ ...WORKFLOW, activities }, async (run) => {
      await run.handle.result();
      expect(unitsOf(run, 'publishResults')).to.have.length(4);
      expect(unitsOf(run, 'runTests')).to.deep.equal([0, 1, 2]);
    });
  });

  it('fails when there is nothing to run, with that reason, and runs nothing', async () => {
    const activities = (): object => ({
      listTests: async () => {
        throw ApplicationFailure.create({ type: 'PermanentError', nonRetryable: true, message: 'nothing was tested' });
      },
    });
    await scriptedRun({ ...WORKFLOW, activities }, async (run) => {
      const failed: unknown = await run.handle.result().catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(WorkflowFailedError);
      expect(String((failed as WorkflowFailedError).cause)).to.include('nothing was tested');
      expect(unitsOf(run, 'runTests')).to.deep.equal([]);
      expect(run.calls).to.include('finishRun');
    });
  });
});
