import { expect } from 'chai';
import type { Progress } from '../../src/contract/progress.js';
import { NO_PART, type RunReport } from '../../src/report/index.js';
import { startTemporal, type TestTemporal } from '../services/temporal.js';
import { records, scriptedRun, type Script, type ScriptedRun } from './scripted-run.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const BOTH = { views: true, queries: true, overrideViews: false };

function lineage(script: Script = {}): Script {
  return { workflow: 'lineageWorkflow', ...script, plan: { lineage: BOTH, ...script.plan } };
}

function unitsOf({ calls }: ScriptedRun, name: string): number[] {
  return calls
    .filter((call) => call.startsWith(`${name}:`) && !call.endsWith('views'))
    .map((call) => Number(call.split(':')[1]))
    .sort((left, right) => left - right);
}

describe('lineageWorkflow', function () {
  this.timeout(240_000);

  it('lists and parses views, reads and parses windows, unites, publishes unit by unit, marks views', async () => {
    await scriptedRun(lineage(), async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.slice(0, 4)).to.deep.equal(['prepareRun', 'stageViews', 'parseLineage:views', 'planWindows']);
      expect(unitsOf(run, 'readLog')).to.deep.equal([0, 1, 2]);
      expect(unitsOf(run, 'parseLineage')).to.deep.equal([0, 1, 2]);
      expect(run.calls.filter((call) => !/^(readLog|parseLineage)/.test(call)).slice(3)).to.deep.equal([
        'mergeLineage',
        ...run.calls.filter((call) => call.startsWith('publishLineage')),
        'markViewsProcessed',
        'finishRun',
        'removeStaged',
      ]);
      expect(unitsOf(run, 'publishLineage')).to.deep.equal([0, 1, 2]);
    });
  });

  it('calls nothing that the recipe does not ask for', async () => {
    const plan = { lineage: { views: false, queries: true, overrideViews: false } };
    await scriptedRun(lineage({ plan }), async (run) => {
      await run.handle.result();
      expect(run.calls).not.to.include.members(['stageViews']);
      expect(run.calls).not.to.include.members(['markViewsProcessed']);
    });
  });

  it('takes the old lineage of views away before the first edge when the recipe overrides it', async () => {
    await scriptedRun(lineage({ plan: { lineage: { ...BOTH, overrideViews: true } } }), async (run) => {
      await run.handle.result();
      const removed = run.calls.indexOf('removeViewLineage');
      expect(removed).to.be.above(run.calls.indexOf('mergeLineage'));
      expect(removed).to.be.below(run.calls.findIndex((call) => call.startsWith('publishLineage')));
    });
  });

  it('has no barriers: while one window is read all others are read and parsed', async () => {
    const windows = 120;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let parsed = 0;
    const activities = (): object => ({
      planWindows: async () => ({ part: NO_PART, units: windows }),
      readLog: async ({ unit }: { unit: number }) => {
        if (unit === 0) await held;
        return { part: records('source', 1) };
      },
      parseLineage: async ({ of }: { of: number | 'views' }) => {
        if (of !== 'views') parsed += 1;
        if (parsed === windows - 1) release();
        return { part: NO_PART };
      },
    });
    await scriptedRun(lineage({ activities, plan: { threads: 3 } }), async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
    expect(parsed).to.equal(windows);
  });

  it('parses on as many lanes as the recipe has threads', async () => {
    let parsing = 0;
    let most = 0;
    const activities = (): object => ({
      planWindows: async () => ({ part: NO_PART, units: 12 }),
      parseLineage: async () => {
        parsing += 1;
        most = Math.max(most, parsing);
        await wait(100);
        parsing -= 1;
        return { part: NO_PART };
      },
    });
    await scriptedRun(lineage({ activities, plan: { threads: 3 } }), (run) => run.handle.result());
    expect(most).to.equal(3);
  });

  it('never has more under way than twice the slots of a worker', async () => {
    let reading = 0;
    let most = 0;
    const activities = (): object => ({
      planWindows: async () => ({ part: NO_PART, units: 12 }),
      readLog: async () => {
        reading += 1;
        most = Math.max(most, reading);
        await wait(100);
        reading -= 1;
        return { part: NO_PART };
      },
    });
    await scriptedRun(lineage({ activities, plan: { threads: 50, slots: 2 } }), (run) => run.handle.result());
    expect(most).to.equal(4);
  });

  it('sends fewer edges at once when OpenMetadata asks to slow down', async () => {
    const lanes: number[] = [];
    const activities = (): object => ({
      mergeLineage: async () => ({ part: NO_PART, units: 4 }),
      publishLineage: async (input: { lanes: number }) => {
        lanes.push(input.lanes);
        return lanes.length <= 2 ? { part: NO_PART, retryAfterMs: 100 } : { part: records('sink', 1) };
      },
    });
    await scriptedRun(lineage({ activities, plan: { threads: 1 } }), async (run) => {
      await run.handle.result();
    });
    expect(lanes).to.deep.equal([4, 3, 2, 2, 2, 2]);
  });

  it('begins nothing more while it is paused, and goes on when it is resumed', async () => {
    const activities = (): object => ({
      planWindows: async () => ({ part: NO_PART, units: 20 }),
      readLog: async () => {
        await wait(100);
        return { part: records('source', 1) };
      },
    });
    await scriptedRun(lineage({ activities }), async (run) => {
      while (unitsOf(run, 'readLog').length < 3) await wait(10);
      await run.handle.signal('pause');
      while ((await run.handle.query<Progress>('progress')).paused !== true) await wait(10);
      await wait(500);
      const before = run.calls.length;
      await wait(1_000);
      expect(run.calls.length).to.equal(before);
      expect((await run.handle.query<Progress>('progress')).state).to.equal('running');
      await run.handle.signal('resume');
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(unitsOf(run, 'readLog')).to.have.length(20);
    });
  });

  it('can be cancelled while it is paused', async () => {
    await scriptedRun(lineage(), async (run) => {
      await run.handle.signal('pause');
      await run.handle.cancel();
      await run.handle.result().catch(() => undefined);
      expect((await run.handle.describe()).status.name).to.equal('CANCELLED');
    });
  });
});

describe('lineageWorkflow with a long history', function () {
  this.timeout(240_000);
  let temporal: TestTemporal;
  before(async () => {
    temporal = await startTemporal({ dynamicConfig: ['limit.historyCount.suggestContinueAsNew=150'] });
  });
  after(() => temporal.stop());

  it('continues as new while it reads and while it publishes, doing each unit once', async () => {
    const units = 40;
    const activities = (): object => ({
      planWindows: async () => ({ part: NO_PART, units }),
      mergeLineage: async () => ({ part: NO_PART, units }),
    });
    await scriptedRun(lineage({ activities, address: temporal.address }), async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      const all = [...Array(units).keys()];
      for (const name of ['readLog', 'parseLineage', 'publishLineage']) expect(unitsOf(run, name)).to.deep.equal(all);
      expect((await run.handle.describe()).runId).not.to.equal(run.handle.firstExecutionRunId);
      for (const once of ['prepareRun', 'stageViews', 'planWindows', 'mergeLineage', 'markViewsProcessed', 'finishRun'])
        expect(run.calls.filter((call) => call === once)).to.have.length(1);
    });
  });
});
