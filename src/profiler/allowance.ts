/** Thrown before a statement that exceeds the budget. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}

/** Statements that a table gets beyond the planned ones: what a lost worker may have used, and most tables don't. */
const SPARE = 2;
/** Statements that it gets at once when that wasn't enough, as when it is split. */
const MORE = 16;

/** A unit's share of the run's budget. What a lost attempt may have used counts as used. */
export class Allowance {
  #statements = 0;
  #milliseconds = 0;
  #tableLimit = Infinity;

  constructor(private readonly limit: { readonly statements?: number; readonly seconds?: number } | undefined) {}

  get used(): { statements: number; seconds: number } {
    return { statements: this.#statements, seconds: Math.ceil(this.#milliseconds / 1000) };
  }

  /** Time taken by statements. */
  get milliseconds(): number {
    return this.#milliseconds;
  }

  get isOutOfTime(): boolean {
    return this.#milliseconds >= 1000 * (this.limit?.seconds ?? Infinity);
  }

  /** Counts what earlier attempts used. */
  addUsed(statements: number, milliseconds: number): void {
    this.#statements += statements;
    this.#milliseconds += milliseconds;
  }

  /**
   * The statements that a table may need: reserved before it begins.
   * @param others what those that come behind it are planned with: it gets no more than its own plan of that
   * @returns undefined when there aren't enough
   */
  reserve(planned: number, others = 0): number | undefined {
    const left = (this.limit?.statements ?? Infinity) - this.#statements;
    // what the catalogue alone answers has room in any budget
    if (planned === 0) return this.#grant(0);
    if (left < planned || this.isOutOfTime) return undefined;
    return this.#grant(Math.min(left, planned + SPARE, Math.max(planned, left - others)));
  }

  /**
   * More for a table that has used up what was reserved for it, as one that is split often.
   * @param others what is kept for those that come behind it
   * @returns undefined when it needs none yet, or nothing is left
   */
  reserveMore(others = 0): number | undefined {
    const left = (this.limit?.statements ?? Infinity) - this.#statements - others;
    if (this.#statements < this.#tableLimit || left <= 0 || this.isOutOfTime) return undefined;
    return this.#grant(Math.min(left, MORE));
  }

  /** @throws BudgetSpent */
  beforeStatement(): void {
    if (this.#statements >= this.#tableLimit || this.isOutOfTime)
      throw new BudgetSpent('the budget of the run is spent');
    this.#statements += 1;
  }

  #grant(reserved: number): number {
    this.#tableLimit = this.#statements + reserved;
    return reserved;
  }

  addTime(milliseconds: number): void {
    this.#milliseconds += milliseconds;
  }
}
