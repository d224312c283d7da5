import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import { profileUnit, type ProfileUnitStage } from '../../../src/profiler/index.js';
import type { ProfilerRecipe } from '../../../src/recipe/index.js';
import { mysqlMeasureDialect } from '../../../src/sources/mysql/measure-dialect.js';
import { attemptOn } from '../staging/attempt-on.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const RECIPE = {
  kind: 'profiler',
  source: {
    type: 'mysql',
    serviceName: 's',
    sourceConfig: {
      config: { computeTableMetrics: true, computeColumnMetrics: true, metrics: ['min', 'max', 'mean'] },
    },
  },
  workflowConfig: {},
} as unknown as ProfilerRecipe;
const FQN = 's.default.m.t';
const COLUMNS = Array.from({ length: 12 }, (_, at) => ({
  name: `c${at}`,
  dataType: 'INT',
  tags: [],
  customMetrics: [],
}));

class Killed extends Error {}

describe('A table that takes many statements', () => {
  let temporary: TemporaryStore;
  before(async () => {
    temporary = await temporaryStore();
  });
  after(() => temporary.remove());

  /** @param answer throws what the source says to a statement */
  async function attempt(
    run: string,
    answer: (sql: string) => void,
    allowance?: ProfileUnitStage['allowance']
  ): Promise<{ used: number | undefined; statements: number; put: number; notes: readonly string[] }> {
    const seen = { statements: 0, put: 0 };
    const rows = async (sql: string): Promise<(number | null)[][]> => {
      seen.statements += 1;
      answer(sql);
      return [Array<number>(100).fill(1)];
    };
    const own = attemptOn(temporary.store, () => undefined);
    const notes: string[] = [];
    const takeFacts = (): object => {
      const facts = own.recorder.take();
      notes.push(...facts.notes);
      return facts;
    };
    const unit = profileUnit({
      ...{ ...own, takeFacts },
      signal: new AbortController().signal,
      client: {
        profiles: {
          table: async () => ({
            ...{ id: '1', name: 't', fullyQualifiedName: FQN, tags: [], customMetrics: [], columns: COLUMNS },
          }),
          hasProfile: async () => false,
          putProfile: async () => {
            seen.put += 1;
          },
        },
      } as unknown as ProfileUnitStage['client'],
      recipe: RECIPE,
      server: undefined,
      tables: [{ fqn: FQN, facts: { table: 't', isView: false }, asOf: 1, statements: 1 }],
      source: {
        dialect: mysqlMeasureDialect({ flavour: 'MariaDB', major: 10, minor: 11, patch: 0 } as never),
      } as unknown as ProfileUnitStage['source'],
      openSession: async () => ({ rows, query: async () => ({ columns: [], rows: [] }), close: async () => undefined }),
      now: 1,
      timestamp: 1_700_000_000_000,
      ...(allowance === undefined ? {} : { allowance }),
      profiles: { run, stage: 'profiles', slice: '0' },
      published: { run, stage: 'published-profiles', slice: '0' },
    });
    const used = await unit.then(
      ({ statements }) => statements,
      (error: unknown) => {
        if (!(error instanceof Killed)) throw error;
        return undefined;
      }
    );
    return { used, ...seen, notes };
  }

  /** All columns but the first are refused. */
  const refusing = (sql: string): void => {
    if (/`c[1-9]/.test(sql)) throw new PermanentError('no such column');
  };

  it('is profiled where there is no budget, and while there is any of one left', async () => {
    const free = await attempt('free', refusing);
    expect(free.put).to.equal(1);
    expect(free.statements, 'more than is reserved at first').to.be.above(11);
    const bounded = await attempt('bounded', refusing, { statements: 100 });
    expect(bounded).to.deep.equal({ ...free, used: free.statements });
    const poor = await attempt('poor', refusing, { statements: 13 });
    expect(poor).to.include({ statements: 13, put: 0 });
    expect(poor.notes).to.deep.equal([
      `${FQN}: the budget was spent after 13 of its statements; the next run begins with the other tables. One that never gets through needs a larger budget (workflowConfig.config.profiler.budget), or fewer metrics.`,
    ]);
  });

  it('costs a budget little more than what was planned when its worker is lost', async () => {
    const dying = (): void => {
      throw new Killed();
    };
    await attempt('killed', dying, { statements: 20 });
    const { used, statements } = await attempt('killed', () => undefined, { statements: 20 });
    expect(Number(used) - statements, 'one is planned').to.equal(3);
  });

  it('never exceeds a budget, however often its worker is lost', async () => {
    const total = 40;
    let spent = 0;
    for (let lost = 0; lost < 12; lost += 1) {
      let left = 3 + lost;
      const dying = (sql: string): void => {
        if ((left -= 1) < 0) throw new Killed();
        refusing(sql);
      };
      spent += (await attempt('lost', dying, { statements: total })).statements;
    }
    expect(spent).to.be.within(1, total);
  });
});
