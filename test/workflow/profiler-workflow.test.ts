import { expect } from 'chai';
import type { ProfileUnitInput, ProfileUnitResult } from '../../src/contract/run-plan.js';
import { NO_PART, type RunReport } from '../../src/report/index.js';
import { records, scriptedRun, type Script } from './scripted-run.js';

/** A run of so many units, which need and use what is said. */
function profiler(
  budget: { readonly statements?: number; readonly seconds?: number },
  units: readonly { readonly needs: number; readonly uses: number }[],
  given: (input: ProfileUnitInput) => void,
  threads = 2
): Script {
  return {
    workflow: 'profilerWorkflow',
    plan: { budget, threads },
    activities: () => ({
      listProfiledTables: async () => ({
        part: NO_PART,
        units: units.length,
        needs: units.map(({ needs }) => needs),
      }),
      profileUnit: async (input): Promise<ProfileUnitResult> => {
        given(input);
        const { statements = Infinity } = input.allowance ?? {};
        const used = { statements: Math.min(statements, units[input.unit]?.uses ?? 0), seconds: 4 };
        return { part: records('sink', 1), used };
      },
    }),
  };
}

describe('profilerWorkflow', function () {
  this.timeout(240_000);

  it('lists what changed, profiles unit by unit, and remembers it', async () => {
    await scriptedRun({ workflow: 'profilerWorkflow' }, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
      expect(run.calls.slice(0, 2)).to.deep.equal(['prepareRun', 'listProfiledTables']);
      expect(run.calls.slice(2, 5).sort()).to.deep.equal(['profileUnit:0', 'profileUnit:1', 'profileUnit:2']);
      expect(run.calls.slice(5)).to.deep.equal(['rememberProfiles', 'finishRun', 'removeStaged']);
    });
  });

  it('hands no unit an allowance when there is no budget', async () => {
    await scriptedRun({ workflow: 'profilerWorkflow' }, async (run) => {
      await run.handle.result();
      expect(run.inputs.filter((input) => Object.hasOwn(input as object, 'allowance'))).to.deep.equal([]);
    });
  });

  it('never deals out more statements than the budget has, and deals out again what a unit left', async () => {
    const shares: number[] = [];
    const units = Array.from({ length: 8 }, () => ({ needs: 6, uses: 6 }));
    let used = 0;
    const given = ({ allowance }: ProfileUnitInput): void => {
      shares.push(allowance?.statements ?? NaN);
      used += Math.min(allowance?.statements ?? NaN, 6);
    };
    await scriptedRun(profiler({ statements: 20 }, units, given, 1), async (run) => {
      await run.handle.result();
    });
    // What a unit needs, and half as much and some more for statements that are split; then what is left of it.
    expect(shares).to.deep.equal([13, 13, 8, 2, 0, 0, 0, 0]);
    expect(used).to.equal(20);
  });

  it('deals out nothing to units that take no statement', async () => {
    const shares: number[] = [];
    const units = [0, 6, 0].map((needs) => ({ needs, uses: needs }));
    const given = ({ allowance }: ProfileUnitInput): void => void shares.push(allowance?.statements ?? NaN);
    await scriptedRun(profiler({ statements: 6 }, units, given, 3), async (run) => {
      await run.handle.result();
    });
    expect(shares.sort()).to.deep.equal([0, 0, 6]);
  });

  it('deals out in parallel lanes without counting a statement twice', async () => {
    const units = Array.from({ length: 6 }, () => ({ needs: 10, uses: 19 }));
    let dealt = 0;
    const given = ({ allowance }: ProfileUnitInput): void => void (dealt += allowance?.statements ?? NaN);
    await scriptedRun(profiler({ statements: 45 }, units, given, 3), async (run) => {
      await run.handle.result();
    });
    expect(dealt).to.equal(45);
  });

  it('hands on what is left of the seconds', async () => {
    const seconds: (number | undefined)[] = [];
    const units = Array.from({ length: 4 }, () => ({ needs: 1, uses: 1 }));
    const given = ({ allowance }: ProfileUnitInput): void => void seconds.push(allowance?.seconds);
    await scriptedRun(profiler({ seconds: 10 }, units, given, 1), async (run) => {
      await run.handle.result();
    });
    expect(seconds).to.deep.equal([10, 6, 2, 0]);
  });

  it('deals out what units give back to those that have tables left, until it is too little for one', async () => {
    const [EACH, TABLES] = [3, 4];
    const done = [0, 0, 0, 0];
    const called: ProfileUnitInput[] = [];
    let most = 0;
    const script = {
      ...profiler(
        { statements: 26 },
        Array<{ needs: number; uses: number }>(4).fill({ needs: 12, uses: 0 }),
        () => undefined,
        4
      ),
      activities: () => ({
        listProfiledTables: async () => ({ part: NO_PART, units: 4, needs: [12, 12, 12, 12] }),
        profileUnit: async (input: ProfileUnitInput): Promise<ProfileUnitResult> => {
          called.push(input);
          const { unit, allowance, mayGetMore } = input;
          let tables = done[unit] ?? 0;
          while (tables < TABLES && EACH * (tables + 1) <= Number(allowance?.statements)) tables += 1;
          done[unit] = tables;
          most = Math.max(
            most,
            done.reduce((sum, each) => sum + EACH * each, 0)
          );
          const left = EACH * (TABLES - tables);
          const used = { statements: EACH * tables, seconds: 0 };
          return { part: NO_PART, used, ...(left > 0 && mayGetMore === true ? { left } : {}) };
        },
      }),
    } satisfies Script;
    await scriptedRun(script, async (run) => {
      expect(((await run.handle.result()) as RunReport).state).to.equal('success');
    });
    expect(most, 'as many tables as fit').to.equal(24);
    for (const unit of done.keys())
      expect(called.filter((each) => each.unit === unit).at(-1), 'the last call closes the unit').to.satisfy(
        (last: ProfileUnitInput) => last.mayGetMore === undefined || done[unit] === TABLES
      );
  });

  it('gives more than half on top where there is plenty', async () => {
    const shares: number[] = [];
    const units = Array.from({ length: 2 }, () => ({ needs: 10, uses: 10 }));
    const given = ({ allowance }: ProfileUnitInput): void => void shares.push(allowance?.statements ?? NaN);
    await scriptedRun(profiler({ statements: 1_000 }, units, given, 1), async (run) => {
      await run.handle.result();
    });
    expect(shares).to.deep.equal([500, 990]);
  });
});
