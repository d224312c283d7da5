import type { Measure, MeasureValue } from '../sources/index.js';
import type { MeasureStatement } from './measure-statement.js';

/** What earlier statements about the same rows leave nothing to measure of: no rows at all, or columns all NULL. */
export class KnownEmpty {
  #hasNoRows = false;
  readonly #columns = new Set<string>();

  /** @param values what a statement measured, and others before it */
  learn({ asks }: MeasureStatement, values: ReadonlyMap<string, MeasureValue>): void {
    for (const { key, measure } of asks) {
      if (values.get(key) !== 0) continue;
      if (measure.of === 'rows') this.#hasNoRows = true;
      // no finite ones are not none
      if (measure.of === 'values' && measure.finite !== true) this.#columns.add(measure.column.name);
    }
  }

  /** What of a statement is still worth sending. @param values gets what is known of the rest */
  open(statement: MeasureStatement, values: Map<string, MeasureValue>): MeasureStatement | undefined {
    const answer = ({ asks }: Pick<MeasureStatement, 'asks'>): void => {
      for (const { key, measure } of asks) values.set(key, ofNothing(measure));
    };
    if (this.#hasNoRows) {
      answer(statement);
      return undefined;
    }
    let rest: MeasureStatement | undefined = statement;
    for (const column of this.#columns) {
      if (rest === undefined) break;
      const without: ReturnType<MeasureStatement['without']> = rest.without(column);
      answer(without);
      rest = without.rest;
    }
    return rest;
  }
}

const COUNTS: ReadonlySet<Measure['of']> = new Set([
  ...(['rows', 'values', 'distinct', 'unique', 'bin', 'countWhere'] as const),
]);

function ofNothing({ of }: Measure): MeasureValue {
  return COUNTS.has(of) ? 0 : null;
}
