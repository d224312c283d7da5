import { OWN_FAULT_WAITS_MS } from '../measures/index.js';
import type { UnitTable } from './plan-units.js';

/** So many tables in a row that fail, each for the first time, are the source's fault. */
const IN_A_ROW = 3;

/**
 * Whose turn it is in a unit. A table whose statements fail for a moment while the source answers others comes last,
 * and is tried again a few times.
 */
export class TableTurns {
  readonly #turns: UnitTable[];
  readonly #tries: Map<string, number>;
  /** When it may be tried again, by the clock, and what for. */
  readonly #due = new Map<string, { readonly at: number; readonly why: string }>();
  #failedInARow = 0;

  /** @param tried how often earlier attempts of the unit tried a table in vain */
  constructor(
    tables: readonly UnitTable[],
    tried: ReadonlyMap<string, number>,
    private readonly now: () => number = Date.now
  ) {
    this.#tries = new Map(tried);
    // what was never tried shows whether the source is there
    const triesOf = ({ fqn }: UnitTable): number => this.#tries.get(fqn) ?? 0;
    this.#turns = [...tables].sort((left, right) => triesOf(left) - triesOf(right));
  }

  /** @param wait called when a table has to wait before it is tried again */
  async next(wait: (milliseconds: number, why: string) => Promise<void>): Promise<UnitTable | undefined> {
    const table = this.#turns.shift();
    const due = table === undefined ? undefined : this.#due.get(table.fqn);
    const left = due === undefined ? 0 : due.at - this.now();
    if (due !== undefined && left > 0) await wait(left, due.why);
    return table;
  }

  /** Those whose turn is to come. */
  get rest(): readonly UnitTable[] {
    return this.#turns;
  }

  worked(): void {
    this.#failedInARow = 0;
  }

  /**
   * @param why what its statement was refused with
   * @returns `later` when it is tried again, `failed` when that was the last time, `away` when it is the source that
   * fails
   */
  failed(table: UnitTable, why: string): 'later' | 'failed' | 'away' {
    const tries = this.triesOf(table) + 1;
    this.#tries.set(table.fqn, tries);
    if (tries === 1) this.#failedInARow += 1;
    if (this.#failedInARow >= IN_A_ROW) return 'away';
    const wait = OWN_FAULT_WAITS_MS[tries - 1];
    if (wait === undefined) return 'failed';
    this.#due.set(table.fqn, { at: this.now() + wait, why: `${table.fqn}: ${why}` });
    this.#turns.push(table);
    return 'later';
  }

  /** In vain, so far. */
  triesOf({ fqn }: UnitTable): number {
    return this.#tries.get(fqn) ?? 0;
  }
}
