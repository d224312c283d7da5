import { expect } from 'chai';
import { remedyFor } from '../../../src/client/failing-task.js';
import { versionOf } from '../../../src/client/run-version.js';
import { unansweredText } from '../../../src/client/cli/status-command.js';

describe('A run that stands still', () => {
  const ends = /`temporal workflow terminate --workflow-id om-a` ends it\.$/;

  it('is of a mistyped workflow type where no build has that type, and can not be cancelled', () => {
    const remedy = remedyFor('metadataWorkfow', 'om-a');
    expect(remedy).to.contain('no workflow type `metadataWorkfow`').and.contain('Did you mean `metadataWorkflow`?');
    expect(remedy).to.match(ends).and.not.contain('stop that worker');
    expect(remedyFor('nonsense', 'om-a')).not.to.contain('Did you mean');
  });

  it('waits for a right worker where the type is one of this release', () => {
    for (const type of ['usageWorkflow', 'sourceSessionsWorkflow'])
      expect(remedyFor(type, 'om-a')).to.contain('stop that worker').and.match(ends);
  });

  it('names the version whose workers it waits for', () => {
    const of = (versioningInfo: object): unknown => versionOf({ raw: { workflowExecutionInfo: { versioningInfo } } });
    const deploymentVersion = { deploymentName: 'om-ingest', buildId: '2' };
    expect(of({ deploymentVersion })).to.deep.equal({ version: 'om-ingest 2' });
    const version = { deploymentName: 'om-ingest', buildId: '3' };
    expect(of({ deploymentVersion, versioningOverride: { pinned: { version } } })).to.deep.equal({
      version: 'om-ingest 3',
    });
    expect(of({})).to.deep.equal({});
    expect(unansweredText({ taskQueue: 'qv', version: 'om-ingest 2' })).to.match(
      /^no worker of qv answers: .* it waits for workers of the deployment version om-ingest 2 /
    );
    expect(unansweredText({ taskQueue: 'qv' })).to.equal('no worker of qv answers: its stages are not known');
  });
});
