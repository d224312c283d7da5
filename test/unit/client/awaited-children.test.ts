import { readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { expect } from 'chai';
import { awaitedChildren, waitsForTurn } from '../../../src/client/account/awaited-children.js';

describe('child workflows in the account of a run', () => {
  const { History } = proto.temporal.api.history.v1;
  /** As a server gives them: times as numbers. */
  const eventsOf = (name: string) => {
    const file: unknown = JSON.parse(readFileSync(`test/workflow/histories/${name}.json`, 'utf8'));
    return History.decode(History.encode(History.fromObject(historyFromJSON(file))).finish()).events;
  };

  it('are those that it waits for, as long as they took', () => {
    const [child, ...others] = awaitedChildren(eventsOf('usage-success'));
    expect(others).to.deep.equal([]);
    expect(child).to.include({ type: 'usagePublishWorkflow', workflowId: 'om-usage-publish-recorded' });
    expect(child?.span).to.include({ attempts: 1, outcome: 'completed' });
    expect(child?.span.endedAt).to.be.greaterThan(child?.span.startedAt ?? Infinity);
  });

  it('are not those that all runs share, neither started nor asked for', () => {
    for (const name of ['metadata-shared-sessions', 'sessions-dealt']) {
      expect(awaitedChildren(eventsOf(name)), name).to.deep.equal([]);
      expect([...waitsForTurn(eventsOf(name))], name).to.deep.equal([]);
    }
  });

  it('begin with a wait while another run has theirs', () => {
    const [wait, ...others] = [...waitsForTurn(eventsOf('usage-waited'))];
    expect(others).to.deep.equal([]);
    expect(wait).to.include({ stage: 'wait for another run' });
    expect(wait?.span.endedAt).to.be.greaterThan(wait?.span.startedAt ?? Infinity);
    expect([...waitsForTurn(eventsOf('usage-success'))]).to.deep.equal([]);
  });
});
