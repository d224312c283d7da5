import {
  compileMeasures,
  conditionColumns,
  probeSql,
  type Ask,
  type Measuring,
  type OpenSplits,
} from '../measures/index.js';
import type { MeasureDialect, MeasureValue, RowSet } from '../sources/index.js';

export interface TakingAsked {
  readonly dialect: MeasureDialect;
  readonly measuring: Measuring;
  /** Keys of what was refused before. */
  readonly suspects: ReadonlySet<string> | undefined;
  readonly splits: OpenSplits | undefined;
  /** Gets what is refused, with reasons, as it is found. */
  readonly problems: Map<string, string>;
}

/** Measures rows. What was refused before is asked for by a statement per column, and is not split again. */
export async function takeAsked(
  asks: readonly Ask[],
  rows: RowSet,
  { dialect, measuring, suspects, splits, problems }: TakingAsked
): Promise<Map<string, MeasureValue>> {
  const values = new Map<string, MeasureValue>();
  const fresh = asks.filter(({ key }) => suspects?.has(key) !== true);
  if (fresh.length > 0) {
    const taken = await measuring.take(
      compileMeasures(dialect, rows, fresh),
      probeSql(dialect, rows),
      problems,
      splits
    );
    for (const [key, value] of taken.values) values.set(key, value);
  }
  for (const own of byColumn(asks.filter((ask) => !fresh.includes(ask)))) {
    const taken = await measuring.takeWhole(compileMeasures(dialect, rows, own));
    for (const [key, value] of taken.values) values.set(key, value);
    for (const [key, reason] of taken.problems) problems.set(key, reason);
  }
  return values;
}

/** What is measured of one column stands together. */
function byColumn(asks: readonly Ask[]): Iterable<readonly Ask[]> {
  const groups = new Map<string, Ask[]>();
  for (const ask of asks) {
    const [name = ask.key] = readBy(ask);
    groups.set(name, [...(groups.get(name) ?? []), ask]);
  }
  return groups.values();
}

function readBy({ measure }: Ask): readonly string[] {
  if ('column' in measure) return [measure.column.name];
  if (measure.of !== 'countWhere') return [];
  const columns = conditionColumns(measure.condition);
  return columns === 'all' ? [] : columns.map(({ name }) => name);
}
