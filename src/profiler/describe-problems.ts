import { differenceKey } from './close-together.js';
import { keyOf, profileAsks, type Ingredient } from './profile-asks.js';
import { multipleKey } from './scale-columns.js';
import { categoriesKey } from './take-categories.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

export const INGREDIENTS: readonly Ingredient[] = [
  ...([
    'values',
    'finite',
    'distinct',
    'unique',
    'min',
    'max',
    'minLength',
    'maxLength',
    'mean',
    'sum',
    'stddev',
  ] as const),
  ...(['q1', 'median', 'q3'] as const),
];

/**
 * What could not be measured, a line for each column: one that can't be read has many measures and one reason.
 * @param problems by the keys of what was asked
 */
export function describeProblems(plan: TablePlan, problems: ReadonlyMap<string, string>): string[] {
  if (problems.size === 0) return [];
  const rest = new Map(problems);
  const asked = new Set(profileAsks(plan).map(({ key }) => key));
  const lines: string[] = [];
  for (const column of plan.columns) {
    const reasons = new Map<string, string[]>();
    let measured = 0;
    for (const ingredient of INGREDIENTS) {
      const keys = [keyOf(column, ingredient), differenceKey(column, ingredient), multipleKey(column, ingredient)];
      const key = keys.find((each) => rest.has(each));
      const reason = key === undefined ? undefined : rest.get(key);
      if (reason === undefined) {
        if (asked.has(keyOf(column, ingredient))) measured += 1;
        continue;
      }
      reasons.set(reason, [...(reasons.get(reason) ?? []), SHOWN[ingredient] ?? ingredient]);
      for (const each of keys) rest.delete(each);
    }
    for (const [key, reason] of rest)
      if (isBin(key, column)) {
        rest.delete(key);
        const names = reasons.get(reason) ?? [];
        if (!names.includes('histogram')) reasons.set(reason, [...names, 'histogram']);
      }
    const ofCategories = rest.get(categoriesKey(column));
    if (ofCategories !== undefined) {
      rest.delete(categoriesKey(column));
      reasons.set(ofCategories, [...(reasons.get(ofCategories) ?? []), 'cardinalityDistribution']);
    }
    if (reasons.size > 0) lines.push(lineOf(column, reasons, measured === 0));
  }
  for (const [key, reason] of rest) lines.push(`${key} has no value: ${reason}`);
  return lines;
}

/** As the metric is called that it is, or that needs it first. */
const SHOWN: Partial<Record<Ingredient, string>> = {
  ...{ values: 'valuesCount', finite: 'count of finite values', distinct: 'distinctCount', unique: 'uniqueCount' },
  ...{ q1: 'firstQuartile', q3: 'thirdQuartile' },
};

function isBin(key: string, { column }: ColumnPlan): boolean {
  return /^below \d+ /.test(key) && key.replace(/^below \d+ /, '') === column.name;
}

function lineOf({ catalogName }: ColumnPlan, reasons: ReadonlyMap<string, readonly string[]>, isAll: boolean): string {
  const [only] = reasons.keys();
  if (isAll && reasons.size === 1 && only !== undefined) return `column ${catalogName} has no values: ${only}`;
  const parts = [...reasons].map(([reason, metrics]) => `no ${metrics.join(', ')}: ${reason}`);
  return `column ${catalogName} has ${parts.join('; ')}`;
}
