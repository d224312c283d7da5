import { defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { expect } from 'chai';
import { remedyFor } from '../../../src/client/failing-task.js';
import { runWaits, waitText, workerAwaitedSince } from '../../../src/client/run-waits.js';
import { versionOf } from '../../../src/client/run-version.js';
import { taskWaits, workerWaits } from '../../../src/client/worker-waits.js';
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

  it('says since when its next task or attempt waits for a worker', async () => {
    const at = (iso: string): object => ({ seconds: { toNumber: () => Date.parse(iso) / 1_000 } });
    const described = (raw: object): Parameters<typeof runWaits>[0] => ({ raw }) as Parameters<typeof runWaits>[0];
    const converter = {
      payloadConverter: defaultPayloadConverter,
      failureConverter: defaultFailureConverter,
      payloadCodecs: [],
    };
    const [SCHEDULED, STARTED] = [1, 2];
    const activity = (state: number, iso: string): object => ({
      ...{ activityType: { name: 'publishUnit' }, state, attempt: 2, scheduledTime: at(iso) },
      lastFailure: { message: 'activity Heartbeat timeout' },
    });
    const text = async (raw: object): Promise<string> => {
      const [wait] = await runWaits(described(raw), converter);
      return wait === undefined ? '' : waitText(wait);
    };
    const waiting = { pendingActivities: [activity(SCHEDULED, '2026-11-29T02:00:05Z')] };
    expect(await text(waiting)).to.match(/1 attempt, the next waits for a worker since 2026-11-29T02:00:05Z$/);
    const running = { pendingActivities: [activity(STARTED, '2026-11-29T02:00:05Z')] };
    expect(await text(running)).to.match(/1 attempt, another one is under way$/);
    const beats = (attempt: number): object => ({
      heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload({ done: 9, attempt, evicted: 0 })] },
    });
    const beating = (state: number, attempt: number): object => ({
      pendingActivities: [{ ...activity(state, '2026-11-29T02:00:05Z'), ...beats(attempt) }],
    });
    expect(await text(beating(STARTED, 1))).to.match(/1 attempt, another one is under way$/);
    // this attempt has come further
    expect(await text(beating(STARTED, 2))).to.equal('');
    expect(await text(beating(SCHEDULED, 2))).to.contain('Heartbeat timeout');
    const trouble = { why: 'POST answered 503', since: Date.parse('2026-11-29T02:00:01Z'), last: 0, times: 12 };
    const struggling = {
      ...activity(STARTED, '2026-11-29T02:00:05Z'),
      heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload({ done: 1, trouble })] },
    };
    const said =
      'waits in publishUnit: 12 calls have failed since 2026-11-29T02:00:01Z, what each of them wanted is looked up and sent again where it did not arrive. The newest: POST answered 503.';
    expect(await text({ pendingActivities: [{ ...struggling, attempt: 1 }] })).to.equal(said);
    expect(await text({ pendingActivities: [struggling] })).to.equal(`${said} 1 attempt, another one is under way`);
    expect(await text({ pendingActivities: [{ ...struggling, state: SCHEDULED }] })).to.contain('Heartbeat timeout');
    const silence = { call: 'PATCH /v1/tables/1', since: Date.parse('2026-11-29T02:00:03Z') };
    const silent = {
      ...activity(STARTED, '2026-11-29T02:00:05Z'),
      attempt: 1,
      heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload({ done: 1, silence })] },
    };
    expect(await text({ pendingActivities: [silent] })).to.equal(
      'waits in publishUnit: OpenMetadata has not answered PATCH /v1/tables/1 since 2026-11-29T02:00:03Z: 300 s without an answer end it, then the worker goes on by itself.'
    );
    const pendingWorkflowTask = { state: SCHEDULED, originalScheduledTime: at('2026-11-29T02:00:02Z') };
    const since = (raw: object): string | undefined => workerAwaitedSince(described(raw))?.toISOString();
    expect(since({ ...waiting, pendingWorkflowTask })).to.equal('2026-11-29T02:00:02.000Z');
    expect(since(running)).to.equal(undefined);
    expect(unansweredText({ taskQueue: 'q', workerAwaitedSince: new Date('2026-11-29T02:00:02Z') })).to.equal(
      'no worker of q answers: its stages are not known; its next task waits for one since 2026-11-29T02:00:02Z'
    );
  });

  it('says which workers are missing for a first attempt that nobody takes', async () => {
    const at = (ago: number): object => ({ seconds: { toNumber: () => Math.floor((Date.now() - ago) / 1_000) } });
    const pending = (queue: string, ago: number, state = 1, attempt = 1): object => ({
      ...{ activityType: { name: 'publishUnit' }, state, attempt, scheduledTime: at(ago) },
      activityOptions: { taskQueue: { name: queue } },
    });
    /** Workers ask for activities on these queues. */
    const said = async (polled: readonly string[], ...pendingActivities: object[]): Promise<string[]> => {
      const describeTaskQueue = ({
        taskQueue,
        taskQueueType,
      }: {
        taskQueue: { name: string };
        taskQueueType: number;
      }) =>
        Promise.resolve({
          pollers:
            taskQueueType === 2 && polled.includes(taskQueue.name)
              ? [{ lastAccessTime: { seconds: Date.now() / 1_000 } }]
              : [],
        });
      const client = { options: { namespace: 'default' }, workflowService: { describeTaskQueue } };
      const run = { raw: { pendingActivities } } as unknown as Parameters<typeof workerWaits>[1];
      return (await workerWaits(client as unknown as Parameters<typeof workerWaits>[0], run)).map(waitText);
    };
    const missing = (queue: string, stages: string): RegExp =>
      new RegExp(`^waits in publishUnit: no worker takes tasks from ${queue}: .*--stages ${stages}\\b.* Waiting since`);
    expect((await said(['q.s.alive'], pending('q.s.parse', 9_000)))[0]).to.match(missing('q.s.parse', 'parse'));
    expect((await said(['q.s.parse.alive'], pending('q.s', 9_000)))[0]).to.match(missing('q.s', 'io'));
    expect((await said([], pending('q.s.publish', 9_000)))[0]).to.match(missing('q.s.publish', 'io'));
    for (const [queue, alive] of [
      ['q.s.publish', 'q.s.alive'],
      ['q.s', 'q.s.alive'],
      ['q.s.parse', 'q.s.parse.alive'],
    ] as const)
      expect((await said([alive], pending(queue, 9_000)))[0]).to.contain('have no free slot, or are gone');
    // one that was just scheduled, runs, or failed before
    expect(await said([], pending('q', 1_000), pending('q', 9_000, 2), pending('q', 9_000, 1, 2))).to.deep.equal([]);
    const publisher = {
      ...{ workflowId: 'om-usage-publish-s', taskQueue: 'q' },
      raw: { pendingWorkflowTask: { state: 1, originalScheduledTime: at(9_000) } },
    } as unknown as Parameters<typeof taskWaits>[0];
    expect(taskWaits(publisher).map(waitText)[0]).to.match(
      /^waits in om-usage-publish-s: .*queue q takes its next task/
    );
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
    expect(unansweredText({ taskQueue: 'qv', versionsThere: ['om-ingest 2'] })).to.match(
      /The workers there are of the deployment version om-ingest 2, and none of theirs is current: `temporal worker/
    );
    expect(unansweredText({ taskQueue: 'qv' })).to.equal('no worker of qv answers: its stages are not known');
  });
});
