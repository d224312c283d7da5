import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { expect } from 'chai';
import { workflowBundle } from './scripted-run.js';

const FOLDER = 'test/workflow/histories';

describe('Recorded histories', function () {
  this.timeout(240_000);

  it('are replayed by the workflow code as it is now', async () => {
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json'));
    expect(names).to.have.length.above(6);
    const histories = await Promise.all(
      names.map(async (name) => ({
        workflowId: path.basename(name, '.json'),
        history: historyFromJSON(JSON.parse(await readFile(path.join(FOLDER, name), 'utf8'))),
      }))
    );
    const errors: string[] = [];
    let replayed = 0;
    for await (const result of Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, histories)) {
      replayed += 1;
      if (result.error !== undefined) errors.push(`${result.workflowId}: ${result.error.message}`);
    }
    expect(errors).to.deep.equal([]);
    expect(replayed).to.equal(names.length);
  });

  it('would show a workflow that lost an activity', async () => {
    const text = await readFile(path.join(FOLDER, 'metadata-success.json'), 'utf8');
    const history = historyFromJSON(JSON.parse(text.replaceAll('"publishScopes"', '"publishOthers"')));
    const results = Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, [
      { workflowId: 'changed', history },
    ]);
    for await (const { error } of results) expect(error?.name).to.equal('DeterminismViolationError');
  });
});
