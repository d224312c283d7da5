import type { PartRecorder } from '../report/index.js';
import { countWords } from '../contract/count-words.js';
import { named } from './named.js';

/** Tables that get less than they were to, or nothing, for the same reason: one note tells of all of them. */
export class AlikeTables {
  readonly #cheap = new Map<string, string>();
  readonly #nothing = new Map<string, string>();
  readonly #costly = new Map<string, { readonly statements: number; readonly reason: string }>();

  /** @param reason why it is too large */
  seeTooLarge(fqn: string, reason: string, getsSomething: boolean): void {
    (getsSomething ? this.#cheap : this.#nothing).set(fqn, reason);
  }

  /** @param reason why no budget is enough for its statements */
  seeCostly(fqn: string, statements: number, reason: string): void {
    this.#costly.set(fqn, { statements, reason });
  }

  tell(recorder: Pick<PartRecorder, 'note' | 'incomplete'>, budget: number | undefined): void {
    for (const [fqn, reason] of alone(this.#cheap)) recorder.note(`${fqn}: ${reason}`);
    for (const [fqn, reason] of alone(this.#nothing)) recorder.note(`${fqn} is not profiled: ${reason}.`);
    for (const [fqn, { reason }] of alone(this.#costly)) recorder.incomplete(`${fqn} is not profiled: ${reason}`, fqn);
    if (this.#cheap.size > 1)
      recorder.note(`${tooLarge(this.#cheap)}, and get the metrics that cost nothing: ${listed(this.#cheap)}.`);
    if (this.#nothing.size > 1)
      recorder.note(
        `${tooLarge(this.#nothing)}, and are not profiled, as none of their metrics comes for nothing: ${listed(this.#nothing)}.`
      );
    if (this.#costly.size > 1) {
      const most = Math.max(...[...this.#costly.values()].map(({ statements }) => statements));
      const tables = countWords(this.#costly.size, 'table is', 'tables are');
      recorder.incomplete(
        `${tables} not profiled, as each takes more statements than a whole run may send (workflowConfig.config.profiler.budget.statements: ${budget}): ${listed(this.#costly)}. Raise the budget to ${most} or more, or measure less of these tables (columnConfig, metrics).`
      );
    }
  }
}

function alone<T>(tables: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return tables.size === 1 ? tables : new Map();
}

function tooLarge({ size }: ReadonlyMap<string, unknown>): string {
  return `${countWords(size, 'table is', 'tables are')} larger than maxRows or maxBytes`;
}

function listed(tables: ReadonlyMap<string, unknown>): string {
  return named([...tables.keys()]);
}
