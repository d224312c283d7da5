import { CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { Context, heartbeat } from '@temporalio/activity';
import { expect } from 'chai';
import type { RunIdentity, RunPlan } from '../../src/contract/run-plan.js';
import type { RunReport } from '../../src/report/index.js';
import type { Progress } from '../../src/contract/progress.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';
import {
  NO_INPUT,
  quietActivities,
  records,
  scriptedRun,
  type ScriptedActivities,
  type ScriptedRun,
} from './scripted-run.js';

async function failureOf({ handle }: ScriptedRun): Promise<unknown> {
  const error: unknown = await handle.result().catch((each: unknown) => each);
  return error instanceof WorkflowFailedError ? error.cause : error;
}

async function statusOf({ handle }: ScriptedRun): Promise<string> {
  return (await handle.describe()).status.name;
}

describe('metadataWorkflow', function () {
  this.timeout(240_000);

  it('prepares, reads and publishes each unit, marks deleted, reports and cleans up', async () => {
    await scriptedRun({}, async (run) => {
      const report = (await run.handle.result()) as RunReport;
      expect(report.state).to.equal('success');
      expect(run.calls.slice(0, 2)).to.deep.equal(['prepareRun', 'listScopes']);
      expect(run.calls.slice(-3)).to.deep.equal(['markDeleted', 'finishRun', 'removeStaged']);
      const units = [0, 1, 2].flatMap((n) => [`extractUnit:${n}`, `publishUnit:${n}`]);
      expect(run.calls.slice(2, -3).sort()).to.deep.equal([...units, 'publishScopes'].sort());
    });
  });

  const refusedFor = (kind: string): ApplicationFailure =>
    ApplicationFailure.nonRetryable(`is a ${kind} recipe`, 'RecipeError', { problems: [], kind });

  it('continues as the workflow of the kind that the file turns out to be of, under its id', async () => {
    const activities = (plan: RunPlan): ScriptedActivities => ({
      prepareRun: async ({ identity }) => {
        if (identity.kind !== 'usage') throw refusedFor('usage');
        return plan;
      },
    });
    await scriptedRun({ activities }, async ({ handle, calls, inputs }) => {
      expect(((await handle.result()) as RunReport).workflow).to.equal('usageWorkflow');
      expect((await handle.describe()).type).to.equal('usageWorkflow');
      expect(calls.slice(0, 3)).to.deep.equal(['prepareRun', 'prepareRun', 'planUsageWindows']);
      const [asked, ran] = inputs as { identity: RunIdentity }[];
      expect(ran?.identity).to.include({ kind: 'usage', askedFor: 'metadata' });
      expect(ran?.identity.pipelineRunId).to.equal(asked?.identity.pipelineRunId);
    });
  });

  it('does so once, and not with a recipe that came along with the input', async () => {
    const toAndFro = (): ScriptedActivities => ({
      prepareRun: async ({ identity }) => {
        throw refusedFor(identity.kind === 'usage' ? 'metadata' : 'usage');
      },
    });
    for (const [input, asked] of [
      [{ recipePath: 'shop.yaml' }, 2],
      [{ recipeYaml: 'source: …' }, 1],
    ] as const)
      await scriptedRun({ activities: toAndFro, input }, async (run) => {
        expect(await failureOf(run))
          .to.be.instanceOf(ApplicationFailure)
          .with.property('type', 'RecipeError');
        expect(run.calls).to.have.length(asked);
      });
  });

  it('publishes a unit while it is read', async () => {
    let startPublishing: () => void = () => undefined;
    const publishing = new Promise<void>((resolve) => (startPublishing = resolve));
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 1 }),
      extractUnit: async () => {
        await publishing;
        return { part: records('source', 1) };
      },
      publishUnit: async () => {
        startPublishing();
        return { part: records('sink', 1), deferred: 0 };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
  });

  it('reads units while databases and schemas are published, and publishes what they hold after those', async () => {
    let startReading: () => void = () => undefined;
    const reading = new Promise<void>((resolve) => (startReading = resolve));
    let scopesAreThere = false;
    const early: boolean[] = [];
    const activities = (): object => ({
      publishScopes: async () => {
        await reading;
        await new Promise((resolve) => setTimeout(resolve, 200));
        scopesAreThere = true;
        return { part: records('sink', 1) };
      },
      extractUnit: async () => {
        startReading();
        return { part: records('source', 1) };
      },
      publishUnit: async () => {
        early.push(!scopesAreThere);
        return { part: records('sink', 1), deferred: 0 };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
    expect(early).to.deep.equal([false, false, false]);
  });

  it('publishes the rest of a unit that was read too slowly once it is read, and counts it once', async () => {
    let waited: () => void = () => undefined;
    const gaveUp = new Promise<void>((resolve) => (waited = resolve));
    let read = false;
    const readBefore: boolean[] = [];
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 1 }),
      extractUnit: async () => {
        await gaveUp;
        await new Promise((resolve) => setTimeout(resolve, 200));
        read = true;
        return { part: records('source', 7) };
      },
      publishUnit: async () => {
        readBefore.push(read);
        waited();
        return readBefore.length === 1
          ? { part: records('sink', 3), deferred: 1, unfinished: true }
          : { part: records('sink', 7), deferred: 2 };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      await run.handle.result();
      expect(readBefore).to.deep.equal([false, true]);
      const { stages } = await run.handle.query<Progress>('progress');
      expect(stages.find(({ name }) => name === 'publish')).to.include({ records: 7 });
      expect(run.calls).to.include('addForeignKeys');
    });
  });

  it('gives every activity the identity of the first execution', async () => {
    await scriptedRun({ input: { recipePath: 'shop.yaml', asOf: '2026-11-22' } }, async (run) => {
      await run.handle.result();
      const { runId, startTime } = await run.handle.describe();
      const identities = new Set(run.inputs.map((input) => JSON.stringify((input as { identity: object }).identity)));
      expect([...identities].map((text) => JSON.parse(text) as unknown)).to.deep.equal([
        {
          workflowId: run.handle.workflowId,
          pipelineRunId: runId,
          startedAt: startTime.getTime(),
          anchor: Date.UTC(2026, 10, 22),
          kind: 'metadata',
        },
      ]);
    });
  });

  it('adds foreign keys only when some wait', async () => {
    const activities = (): object => ({ publishUnit: async () => ({ part: records('sink', 1), deferred: 2 }) });
    await scriptedRun({ activities }, async (run) => {
      await run.handle.result();
      expect(run.calls.slice(-4)).to.deep.equal(['addForeignKeys', 'markDeleted', 'finishRun', 'removeStaged']);
    });
  });

  describe('when the catalog holds nothing that the source did not show', () => {
    const nothingGone = true;
    const said = (silent?: string): (() => object) => {
      let units = 0;
      return () => ({
        publishScopes: async () => ({ part: records('sink', 2), ...(silent === 'scopes' ? {} : { nothingGone }) }),
        publishUnit: async () => {
          units += 1;
          const isSilent = silent === 'one of its units' && units === 2;
          return { part: records('sink', 1), deferred: 0, ...(isSilent ? {} : { nothingGone }) };
        },
      });
    };

    it('has no stage that marks deleted', async () => {
      await scriptedRun({ activities: said() }, async (run) => {
        await run.handle.result();
        expect(run.calls).not.to.include('markDeleted');
        const { stages } = await run.handle.query<Progress>('progress');
        expect(stages.map(({ name }) => name)).to.deep.equal(['scopes', 'extract', 'publish']);
      });
    });

    for (const part of ['scopes', 'one of its units']) {
      it(`has one when that is not known of ${part}`, async () => {
        await scriptedRun({ activities: said(part) }, async (run) => {
          await run.handle.result();
          expect(run.calls.slice(-3)).to.deep.equal(['markDeleted', 'finishRun', 'removeStaged']);
        });
      });
    }
  });

  it('reads and publishes no more units at once than the recipe has threads', async () => {
    let reading = 0;
    let most = 0;
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 12 }),
      extractUnit: async () => {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise((resolve) => setTimeout(resolve, 30));
        reading -= 1;
        return { part: records('source', 1) };
      },
    });
    await scriptedRun({ activities, plan: { threads: 3 } }, (run) => run.handle.result());
    expect(most).to.equal(3);
  });

  it('waits and goes on with one lane less when OpenMetadata asks to slow down', async () => {
    let asked = 0;
    const atOnce: number[] = [];
    let publishing = 0;
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 8 }),
      publishUnit: async () => {
        if (asked < 2) {
          asked += 1;
          return { part: records('sink', 0), deferred: 0, retryAfterMs: 300 };
        }
        publishing += 1;
        atOnce.push(publishing);
        await new Promise((resolve) => setTimeout(resolve, 30));
        publishing -= 1;
        return { part: records('sink', 1), deferred: 0 };
      },
    });
    await scriptedRun({ activities, plan: { threads: 3 } }, async (run) => {
      const report = (await run.handle.result()) as RunReport;
      expect(report.state).to.equal('success');
      expect(run.calls.filter((name) => name.startsWith('publishUnit'))).to.have.length(8 + 2);
    });
    // Two of three lanes were taken back: from then on one at a time, once those under way at that moment have ended.
    expect(Math.max(...atOnce.slice(3))).to.equal(1);
  });

  it('answers the progress query while it runs', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const activities = (): object => ({
      extractUnit: async ({ unit }: { unit: number }) => {
        if (unit === 2) await held;
        return { part: records('source', 10) };
      },
      publishUnit: async ({ unit }: { unit: number }) => {
        if (unit === 2) await held;
        return { part: records('sink', 10), deferred: 0 };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      let progress = await run.handle.query<Progress>('progress');
      while (progress.stages.find((stage) => stage.name === 'publish')?.done !== 2) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        progress = await run.handle.query<Progress>('progress');
      }
      expect(progress).to.include({ state: 'running', service: 'shop' });
      expect(progress.stages.find((stage) => stage.name === 'extract')).to.deep.include({
        done: 2,
        total: 3,
        records: 20,
      });
      expect(progress.steps.source?.records).to.equal(20);
      release();
      await run.handle.result();
    });
  });

  for (const [name, input] of [
    ['no input', NO_INPUT],
    ['a text', 'shop.yaml'],
    ['an unknown key', { recipepath: 'shop.yaml' }],
  ] as const) {
    it(`fails at once, before any activity, for ${name}`, async () => {
      await scriptedRun({ input }, async (run) => {
        const failure = await failureOf(run);
        expect(failure).to.be.instanceOf(ApplicationFailure).with.property('type', 'RecipeError');
        expect(run.calls).to.deep.equal([]);
      });
    });
  }

  it('passes on a recipe error as it is and reports nothing', async () => {
    const activities = (): object => ({
      prepareRun: async () => {
        throw ApplicationFailure.create({
          type: 'RecipeError',
          nonRetryable: true,
          message: 'shop.yaml:3: what is this',
        });
      },
    });
    await scriptedRun({ activities }, async (run) => {
      expect(await failureOf(run)).to.include({ type: 'RecipeError', message: 'shop.yaml:3: what is this' });
      expect(run.calls).to.deep.equal(['prepareRun']);
    });
  });

  it('fails with the report as details when preparing fails', async () => {
    const activities = (): object => ({
      prepareRun: async () => {
        throw ApplicationFailure.create({ type: 'AuthenticationError', nonRetryable: true, message: 'wrong password' });
      },
    });
    await scriptedRun({ activities }, async (run) => {
      const failure = await failureOf(run);
      expect(failure).to.include({ type: 'RunFailed', nonRetryable: true });
      const [report] = (failure as ApplicationFailure).details as [RunReport];
      expect(report).to.include({ state: 'failed', error: 'wrong password' });
      expect(run.calls).to.deep.equal(['prepareRun', 'failRun']);
    });
  });

  it('fails with the staged report when a unit fails for good, and starts nothing more', async () => {
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 40 }),
      publishUnit: async () => {
        throw ApplicationFailure.create({ type: 'PermanentError', nonRetryable: true, message: 'the service is gone' });
      },
    });
    await scriptedRun({ activities }, async (run) => {
      const failure = await failureOf(run);
      expect(failure).to.include({ type: 'RunFailed' });
      expect((failure as ApplicationFailure).details?.[0]).to.include({ error: 'the service is gone' });
      expect(run.calls).not.to.include('markDeleted');
      expect(run.calls.slice(-2)).to.deep.equal(['finishRun', 'removeStaged']);
      expect(run.calls.filter((name) => name.startsWith('extractUnit')).length).to.be.below(12);
    });
  });

  it('fails when the report says failed, with the share of successes in the message', async () => {
    const activities = (): object => ({
      finishRun: async (input: never) => ({
        ...(await quietActivities({} as never).finishRun(input)),
        state: 'failed',
        successPercent: 12,
      }),
    });
    await scriptedRun({ activities }, async (run) => {
      expect(await failureOf(run))
        .to.include({ type: 'RunFailed' })
        .with.property('message')
        .that.includes("12 % success is below the recipe's successThreshold");
    });
  });

  it('keeps the reason of a failed run when its report cannot be made', async () => {
    const broken = async (): Promise<never> => {
      throw ApplicationFailure.nonRetryable('disk full');
    };
    const activities = (): object => ({ markDeleted: async () => broken(), finishRun: broken });
    await scriptedRun({ activities }, async (run) => {
      expect(await failureOf(run)).to.include({ type: 'RunFailed', message: 'disk full' });
    });
  });

  it('tells OpenMetadata of its end even where what it staged can not be read for as long as that is tried', async () => {
    const refused = async (): Promise<never> => {
      throw ApplicationFailure.create({ type: 'TransientError', message: 'AccessDenied', nonRetryable: true });
    };
    const activities = (): object => ({ markDeleted: refused, finishRun: refused });
    await scriptedRun({ activities }, async (run) => {
      const failure = await failureOf(run);
      expect(failure).to.include({ type: 'RunFailed' }).with.property('message').that.includes('AccessDenied');
      expect(run.calls.slice(-2)).to.deep.equal(['finishRun', 'failRun']);
    });
  });

  it('succeeds although its staged data could not be removed', async () => {
    const activities = (): object => ({
      removeStaged: async () => {
        throw ApplicationFailure.nonRetryable('read-only file system');
      },
    });
    await scriptedRun({ activities }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
  });

  it('reports a cancelled run as stopped after its activities have ended, and is shown as cancelled', async () => {
    const order: string[] = [];
    const untilCancelled = async (ended: string): Promise<never> => {
      const beat = setInterval(() => heartbeat(), 50);
      try {
        return await Context.current().cancelled;
      } finally {
        clearInterval(beat);
        // Closing a connection takes a moment; nothing may overtake it.
        await new Promise((resolve) => setTimeout(resolve, 200));
        order.push(ended);
      }
    };
    const activities = (): object => ({
      extractUnit: () => untilCancelled('extraction ended'),
      publishUnit: () => untilCancelled('publishing ended'),
      finishRun: async (input: never) => {
        order.push('reported');
        return quietActivities({} as never).finishRun(input);
      },
    });
    await scriptedRun({ activities, plan: { heartbeatMs: 1_000 } }, async (run) => {
      while (!(run.calls.includes('extractUnit:1') && run.calls.includes('publishUnit:1')))
        await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
      expect(await failureOf(run)).to.be.instanceOf(CancelledFailure);
      expect(await statusOf(run)).to.equal('CANCELLED');
      expect(order.slice(0, -1).sort()).to.deep.equal([
        ...['extraction ended', 'extraction ended'],
        ...['publishing ended', 'publishing ended'],
      ]);
      expect(order.at(-1)).to.equal('reported');
      const finish = run.inputs.find((input) => (input as { stopped?: boolean }).stopped === true);
      expect(finish).to.include({ error: 'the run was cancelled' });
      expect(run.calls.slice(-2)).to.deep.equal(['finishRun', 'removeStaged']);
      expect(run.calls).not.to.include('extractUnit:2');
    });
  });

  it('is still shown as cancelled when the report of it fails', async () => {
    const activities = (): object => ({
      extractUnit: async () => {
        const beat = setInterval(() => heartbeat(), 50);
        await Context.current().cancelled.finally(() => clearInterval(beat));
      },
      finishRun: async () => {
        throw ApplicationFailure.nonRetryable('no disk');
      },
    });
    await scriptedRun({ activities, plan: { heartbeatMs: 1_000 } }, async (run) => {
      while (!run.calls.includes('extractUnit:0')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
      await failureOf(run);
      expect(await statusOf(run)).to.equal('CANCELLED');
    });
  });

  it('is stopped as well when its last stage ends in spite of the cancellation', async () => {
    let asked = (): void => undefined;
    const cancelled = new Promise<void>((resolve) => (asked = resolve));
    const activities = (): object => ({
      markDeleted: async () => {
        await cancelled;
        return { part: records('sink', 0) };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      while (!run.calls.includes('markDeleted')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
      asked();
      expect(await failureOf(run)).to.be.instanceOf(CancelledFailure);
      expect(run.inputs.some((input) => (input as { stopped?: boolean }).stopped === true)).to.equal(true);
    });
  });

  it('completes when it is cancelled while it reports', async () => {
    const activities = (): object => ({
      finishRun: async (input: never) => {
        await new Promise((resolve) => setTimeout(resolve, 500));
        return quietActivities({} as never).finishRun(input);
      },
    });
    await scriptedRun({ activities }, async (run) => {
      while (!run.calls.includes('finishRun')) await new Promise((resolve) => setTimeout(resolve, 20));
      await run.handle.cancel();
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.at(-1)).to.equal('removeStaged');
    });
  });

  it('starts again on another store when no worker of its store takes a task in time', async () => {
    let prepared = 0;
    const activities = (plan: { storeQueue: string }): object => ({
      prepareRun: async () => {
        prepared += 1;
        return {
          ...plan,
          storeTimeoutMs: 500,
          ...(prepared === 1 ? {} : { store: 'b', storeQueue: `${plan.storeQueue}-b` }),
        };
      },
    });
    const otherStores = (queue: string): string[] => [`${queue}.store-b`];
    await scriptedRun({ activities, storeWorker: false, otherStores }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.slice(0, 3)).to.deep.equal(['prepareRun', 'prepareRun', 'listScopes']);
    });
  });

  it('gives up after the third store, and reports that from any worker', async () => {
    const activities = (plan: object): object => ({ prepareRun: async () => ({ ...plan, storeTimeoutMs: 400 }) });
    await scriptedRun({ activities, storeWorker: false }, async (run) => {
      const failure = await failureOf(run);
      expect(failure).to.include({ type: 'RunFailed' });
      expect(run.calls).to.deep.equal(['prepareRun', 'prepareRun', 'prepareRun', 'failRun']);
    });
  });

  it('retries an activity whose worker failed transiently', async () => {
    let attempts = 0;
    const activities = (): object => ({
      listScopes: async () => {
        attempts += 1;
        if (attempts < 3)
          throw ApplicationFailure.create({ type: 'TransientError', message: 'reset', nextRetryDelay: 50 });
        return { part: records('source', 0), units: 1 };
      },
    });
    await scriptedRun({ activities }, async (run) => {
      await run.handle.result();
      expect(attempts).to.equal(3);
    });
  });

  it('names no driver or file in the failure of an activity that ran out of time', async () => {
    const activities = (plan: object): object => ({
      prepareRun: async () => ({ ...plan, heartbeatMs: 500 }),
      markDeleted: async () => {
        throw ApplicationFailure.nonRetryable('no progress');
      },
    });
    await scriptedRun({ activities }, async (run) => {
      const failure = await failureOf(run);
      expect(failure).not.to.be.instanceOf(ActivityFailure);
      expect(failure).to.have.property('message', 'metadataWorkflow of shop failed: no progress');
    });
  });
});

describe('metadataWorkflow with a long history', function () {
  this.timeout(240_000);
  let temporal: TestTemporal;
  before(async () => {
    temporal = await startTemporal({ dynamicConfig: ['limit.historyCount.suggestContinueAsNew=150'] });
  });
  after(() => temporal.stop());

  it('continues as new with small state and the same identity, doing each unit once', async () => {
    const units = 60;
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units }),
      publishScopes: async () => ({ part: records('sink', 1), nothingGone: true }),
      publishUnit: async ({ unit }: { unit: number }) => {
        const published = { part: records('sink', 1), deferred: 1 };
        return unit === 0 ? published : { ...published, nothingGone: true };
      },
    });
    await scriptedRun({ activities, address: temporal.address }, async (run) => {
      const report = (await run.handle.result()) as RunReport;
      expect(report.state).to.equal('success');
      for (const stage of ['extractUnit', 'publishUnit']) {
        const done = run.calls.filter((name) => name.startsWith(stage));
        expect(done.map((name) => Number(name.split(':')[1])).sort((a, b) => a - b)).to.deep.equal([
          ...Array(units).keys(),
        ]);
      }
      // What the first unit left to later stages is not forgotten when the history is cut.
      expect(run.calls.filter((name) => !/^(extract|publish)Unit/.test(name))).to.deep.equal([
        'prepareRun',
        'listScopes',
        'publishScopes',
        'addForeignKeys',
        'markDeleted',
        'finishRun',
        'removeStaged',
      ]);
      const last = await run.handle.describe();
      expect(last.runId).not.to.equal(report.pipelineRunId);
      expect(report.pipelineRunId).to.equal(run.handle.firstExecutionRunId);
      const { events } = await run.handle.fetchHistory();
      const input = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
      expect(input?.length).to.be.below(4_096);
      expect(
        new Set(run.inputs.map((each) => (each as { identity: { pipelineRunId: string } }).identity.pipelineRunId)).size
      ).to.equal(1);
    });
  });

  it('remembers across it that nothing is gone', async () => {
    const nothingGone = true;
    const activities = (): object => ({
      listScopes: async () => ({ part: records('source', 0), units: 60 }),
      publishScopes: async () => ({ part: records('sink', 1), nothingGone }),
      publishUnit: async () => ({ part: records('sink', 1), deferred: 0, nothingGone }),
    });
    await scriptedRun({ activities, address: temporal.address }, async (run) => {
      await run.handle.result();
      expect((await run.handle.describe()).runId).not.to.equal(run.handle.firstExecutionRunId);
      expect(run.calls).not.to.include('markDeleted');
    });
  });
});
