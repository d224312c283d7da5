import { condition } from '@temporalio/workflow';
import type { ProfilerBudget, ProfileUnitResult } from '../contract/run-plan.js';

/** What is left of a run's budget, neither used nor dealt out; undefined where there is no such limit. */
interface Rest {
  statements?: number;
  seconds?: number;
}

/** What a unit is called with: what it may use in all its calls, and whether it may ask for more. */
type Call = (allowance: ProfilerBudget, mayGetMore: boolean) => Promise<ProfileUnitResult>;

/** Deals a run's budget out to its units, before they begin; what a unit gives back is dealt out again. */
export class BudgetShares {
  /** Units at work that may give something back. */
  #out = 0;

  constructor(private readonly rest: Rest) {}

  /**
   * Calls a unit, and again as long as it has tables left over and something comes back that is enough for them.
   * @param need statements that it takes when none is refused
   * @param behind those of the units that are not begun yet
   */
  async spend(need: number, behind: number, call: Call): Promise<ProfileUnitResult> {
    let used: ProfileUnitResult['used'] = { statements: 0, seconds: 0 };
    for (let wanted = need; ;) {
      const share = this.#take(wanted, behind);
      const result = await this.#call(share, used, call);
      used = result.used;
      const { left } = result;
      if (left === undefined) return result;
      wanted = left;
      await condition(() => this.#out === 0 || (this.rest.statements ?? 0) >= left);
    }
  }

  /**
   * A share of the statements, taken out of the rest: half as much as is needed on top and a few more, for statements
   * that are refused and split, and more where there is plenty; nothing for what the catalogue has.
   */
  #take(need: number, behind: number): number {
    const { statements } = this.rest;
    if (statements === undefined || need === 0) return 0;
    const usual = Math.ceil(1.5 * need) + 4;
    const plenty = Math.floor((statements * need) / (need + behind));
    const share = Math.min(statements, Math.max(usual, plenty));
    this.rest.statements = statements - share;
    return share;
  }

  /** Seconds are known only afterwards: each unit may use what is left. */
  async #call(share: number, used: ProfileUnitResult['used'], call: Call): Promise<ProfileUnitResult> {
    const { statements, seconds } = this.rest;
    const allowed = used.statements + share;
    const allowance = {
      ...(statements === undefined ? {} : { statements: allowed }),
      ...(seconds === undefined ? {} : { seconds: Math.max(0, seconds) + used.seconds }),
    };
    const mayGetMore = statements !== undefined && (statements > 0 || this.#out > 0);
    const mayGiveBack = share > 0;
    if (mayGiveBack) this.#out += 1;
    try {
      const result = await call(allowance, mayGetMore);
      if (this.rest.statements !== undefined) this.rest.statements += Math.max(0, allowed - result.used.statements);
      if (this.rest.seconds !== undefined) this.rest.seconds -= result.used.seconds - used.seconds;
      return result;
    } finally {
      if (mayGiveBack) this.#out -= 1;
    }
  }
}
