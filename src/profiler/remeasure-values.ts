import { probeSql, type Ask, type Measuring } from '../measures/index.js';
import type { MeasureDialect, MeasureValue, RowSet } from '../sources/index.js';
import { closeColumns, differencesOf, type CloseColumn } from './close-together.js';
import { dividedValues, remeasuredRows, type Remeasured } from './remeasured.js';
import { beyondDoubles, multiplesOf, scaledColumns, unscaled } from './scale-columns.js';
import type { TablePlan } from './table-plan.js';
import { takeByHalves } from './take-by-halves.js';

type Values = ReadonlyMap<string, MeasureValue>;

export interface Remeasuring {
  readonly dialect: MeasureDialect;
  readonly measuring: Pick<Measuring, 'rows'>;
  readonly take: (asks: readonly Ask[], rows: RowSet) => Promise<Values>;
  /** Keys of measures that failed before. */
  readonly suspects?: ReadonlySet<string> | undefined;
  /** Keys of what is asked of multiples alone. */
  readonly ofMultiples: Iterable<string>;
  /** Reasons of what was refused, by key; gets those of what is refused here. */
  readonly problems: Map<string, string>;
}

export interface RemeasuredValues {
  /** Columns of which differences were measured. */
  readonly close: readonly CloseColumn[];
  /** The rows of those differences that the engine did not refuse; the table's where there is none. */
  readonly differing: RowSet;
  /** Values in place of those measured first; null where nothing sound was measured. */
  readonly values: Values;
  /** Keys of those that multiples gave. */
  readonly mended: ReadonlySet<string>;
  /** Keys of what no double holds. */
  readonly beyond: ReadonlySet<string>;
}

/**
 * Measures once more what doubles did not hold well: differences of values that lie close together, multiples of such
 * as leave doubles. Those that the engine did not refuse before take one statement together.
 * @param values of the plan's ingredients, as they were measured first
 */
export async function remeasureValues(
  plan: TablePlan,
  values: Values,
  { dialect, measuring, take, suspects, ofMultiples, problems }: Remeasuring
): Promise<RemeasuredValues> {
  if (plan.tooLarge !== undefined)
    return { close: [], differing: plan.rows, values: new Map(), mended: new Set(), beyond: new Set() };
  const close = closeColumns(plan, values);
  const differences = differencesOf(plan, close, values, dialect);
  // one that can't be measured has no value rather than a blurred one
  const unblurred = new Map<string, MeasureValue>(
    differences.flatMap(({ asks }) => asks.map(({ key }) => [key, null] as const))
  );
  const unasked = new Set([...ofMultiples, ...problems.keys()]);
  const scaled = scaledColumns(plan, new Map([...values, ...unblurred]), close, unasked);
  const toMeasure: readonly Remeasured[] = [...differences, ...multiplesOf(plan, scaled, dialect)];
  const wasRefused = ({ asks }: Remeasured): boolean => asks.every(({ key }) => suspects?.has(key));
  const refused = new Set<Remeasured>();
  const taken = new Map(
    await takeByHalves(
      toMeasure.filter((each) => !wasRefused(each)),
      {
        asked: (some) => some.flatMap(({ asks }) => asks),
        rows: (some) => remeasuredRows(plan, some, dialect),
        take,
        refuse: (one, reason) => {
          refused.add(one);
          for (const { key } of one.asks) problems.set(key, reason);
        },
        probe: () => measuring.rows(probeSql(dialect, plan.rows)),
      }
    )
  );
  for (const one of toMeasure.filter(wasRefused)) {
    for (const [key, value] of await take(one.asks, remeasuredRows(plan, [one], dialect))) taken.set(key, value);
    if (one.asks.every(({ key }) => problems.has(key))) refused.add(one);
  }
  const sound = differences.filter((each) => !refused.has(each)).map(({ plan, sql, asks }) => ({ plan, sql, asks }));
  const mended = unscaled(scaled, taken);
  return {
    close,
    differing: sound.length === 0 ? plan.rows : remeasuredRows(plan, sound, dialect),
    values: new Map([...unblurred, ...dividedValues(differences, taken), ...mended]),
    mended: new Set(mended.keys()),
    beyond: beyondDoubles(scaled, taken),
  };
}
