import { expect } from 'chai';
import type { Progress } from '../../src/contract/progress.js';
import type { RunReport } from '../../src/report/index.js';
import { records, scriptedRun, type Script, type ScriptedRun } from './scripted-run.js';

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let services = 0;

/** Of a service of its own: its publisher is a workflow that is named after it. */
function usage(script: Script = {}): Script {
  services += 1;
  return { workflow: 'usageWorkflow', ...script, plan: { service: `shop-${process.pid}-${services}`, ...script.plan } };
}

function unitsOf({ calls }: ScriptedRun, name: string): number[] {
  return calls
    .filter((call) => call.startsWith(`${name}:`))
    .map((call) => Number(call.split(':')[1]))
    .sort((left, right) => left - right);
}

describe('usageWorkflow', function () {
  this.timeout(240_000);

  it('reads and parses each window, adds all of them up, then publishes', async () => {
    await scriptedRun(usage(), async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.slice(0, 2)).to.deep.equal(['prepareRun', 'planUsageWindows']);
      expect(unitsOf(run, 'readUsage')).to.deep.equal([0, 1, 2]);
      expect(unitsOf(run, 'parseUsage')).to.deep.equal([0, 1, 2]);
      for (const unit of [0, 1, 2])
        expect(run.calls.indexOf(`readUsage:${unit}`)).to.be.below(run.calls.indexOf(`parseUsage:${unit}`));
      expect(run.calls.slice(8)).to.deep.equal(['aggregateUsage', 'publishUsage', 'finishRun', 'removeStaged']);
    });
  });

  it('sends with one lane less each time that OpenMetadata asks to slow down', async () => {
    const lanes: number[] = [];
    const activities = (): object => ({
      publishUsage: async (input: { lanes: number }) => {
        lanes.push(input.lanes);
        const part = records('sink', 1);
        return lanes.length < 3 ? { part, retryAfterMs: 10 } : { part };
      },
    });
    await scriptedRun(usage({ activities }), async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
    expect(lanes).to.deep.equal([lanes[0], (lanes[0] ?? 0) - 1, (lanes[0] ?? 0) - 2]);
  });

  it('has one run of a service publish at a time; the other waits, says for whom, and then publishes', async () => {
    let sending = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const activities = (): object => ({
      publishUsage: async () => {
        sending += 1;
        most = Math.max(most, sending);
        await held;
        sending -= 1;
        return { part: records('sink', 1) };
      },
    });
    await scriptedRun(usage({ activities }), async (run) => {
      const second = await run.start(`${run.handle.workflowId}-second`);
      const runs = [run.handle, second];
      let shown = '';
      try {
        for (const end = Date.now() + 30_000; shown === '' && Date.now() < end; await wait(50)) {
          for (const each of runs) {
            const progress = JSON.stringify(await each.query<Progress>('progress'));
            const other = runs.find(({ workflowId }) => workflowId !== each.workflowId)?.workflowId ?? '';
            if (progress.includes(`wait for ${other}, which publishes usage of the same service`)) shown = other;
          }
        }
        expect(shown).not.to.equal('');
      } finally {
        release();
      }
      for (const each of runs) expect(((await each.result()) as RunReport).state).to.equal('success');
      expect(run.calls.filter((call) => call === 'publishUsage')).to.have.length(2);
      expect(most).to.equal(1);
    });
  });

  it('has three at once publish one after the other; one that waits can be cancelled without disturbing the others', async () => {
    let sending = 0;
    let most = 0;
    let release: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const first = new Promise<void>((resolve) => (begun = resolve));
    const activities = (): object => ({
      publishUsage: async () => {
        sending += 1;
        most = Math.max(most, sending);
        begun();
        await held;
        sending -= 1;
        return { part: records('sink', 1) };
      },
    });
    await scriptedRun(usage({ activities }), async (run) => {
      await first;
      const others = [await run.start(`${run.handle.workflowId}-b`), await run.start(`${run.handle.workflowId}-c`)];
      const waits = `wait for ${run.handle.workflowId}, which publishes usage of the same service`;
      const [stays, leaves] = others;
      try {
        for (const other of others) {
          let shown = '';
          for (const end = Date.now() + 30_000; !shown.includes(waits) && Date.now() < end; await wait(50))
            shown = JSON.stringify(await other.query<Progress>('progress'));
          expect(shown).to.contain(waits);
        }
        await leaves?.cancel();
        await leaves?.result().catch(() => undefined);
        expect((await leaves?.describe())?.status.name).to.equal('CANCELLED');
      } finally {
        release();
      }
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(((await stays?.result()) as RunReport).state).to.equal('success');
      expect(run.calls.filter((call) => call === 'publishUsage')).to.have.length(2);
      expect(most).to.equal(1);
    });
  });

  it('lets the next run publish when the one that did was cancelled', async () => {
    let calls = 0;
    let begun: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (begun = resolve));
    const activities = (): object => ({
      publishUsage: async () => {
        calls += 1;
        begun();
        if (calls === 1) await wait(1_000);
        return { part: records('sink', 1) };
      },
    });
    await scriptedRun(usage({ activities, plan: { heartbeatMs: 1_000 } }), async (run) => {
      await first;
      const second = await run.start(`${run.handle.workflowId}-second`);
      await run.handle.cancel();
      await run.handle.result().catch(() => undefined);
      expect(((await second.result()) as RunReport).state).to.equal('success');
      expect(calls).to.equal(2);
    });
  });
});
