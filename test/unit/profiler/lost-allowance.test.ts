import { expect } from 'chai';
import { PermanentError } from '../../../src/errors/index.js';
import type { ProfileUnitStage } from '../../../src/profiler/index.js';
import { attemptUnit } from './unit-attempt.js';
import { temporaryStore, type TemporaryStore } from '../metadata/temporary-store.js';

const FQN = 's.default.m.t';
const COLUMNS = Array.from({ length: 12 }, (_, at) => `c${at}`);

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
    let statements = 0;
    const rows = async (sql: string): Promise<(number | null)[][]> => {
      statements += 1;
      answer(sql);
      return [Array<number>(100).fill(1)];
    };
    const { put, notes, used } = await attemptUnit({
      ...{
        store: temporary.store,
        run,
        rows,
        metrics: ['min', 'max', 'mean'],
        columns: COLUMNS,
        tables: [FQN],
        endsBy: Killed,
      },
      ...(allowance === undefined ? {} : { allowance }),
    });
    return { used, statements, put: put.length, notes };
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
      `${FQN}: the budget was spent after 13 of its statements; in the next run it comes behind the tables that had no turn. One that never gets through needs a larger budget (workflowConfig.config.profiler.budget), or fewer metrics.`,
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
