import { differenceKey } from './close-together.js';
import { named } from './named.js';
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

interface ColumnProblem {
  readonly column: ColumnPlan;
  /** Metrics by the reason why they have no value. */
  readonly reasons: ReadonlyMap<string, readonly string[]>;
  readonly isAll: boolean;
}

/** Most lines about the columns of one table. */
const MOST_LINES = 10;

/**
 * What could not be measured, a line for all columns that lack the same for the same reason: one that can't be read has
 * many measures and one reason, and so may have all columns of a table.
 * @param problems by the keys of what was asked
 */
export function describeProblems(plan: TablePlan, problems: ReadonlyMap<string, string>): string[] {
  if (problems.size === 0) return [];
  const rest = new Map(problems);
  const asked = new Set(profileAsks(plan).map(({ key }) => key));
  const found = plan.columns.flatMap((column) => problemOf(column, asked, rest));
  const alike = new Map<string, ColumnProblem[]>();
  for (const problem of found) {
    const text = withoutName(problem);
    alike.set(text, [...(alike.get(text) ?? []), problem]);
  }
  const lines = [...alike.values()].map(lineOf);
  const left = [...alike.values()].slice(MOST_LINES - 1).flat();
  const said =
    lines.length <= MOST_LINES
      ? lines
      : [
          ...lines.slice(0, MOST_LINES - 1),
          `columns ${named(left.map(({ column }) => column.catalogName))} lack values too, each for a reason of its own`,
        ];
  for (const [key, reason] of rest) said.push(`${key} has no value: ${reason}`);
  return said;
}

/** @param rest problems that no column has taken yet: the column's are taken out */
function problemOf(column: ColumnPlan, asked: ReadonlySet<string>, rest: Map<string, string>): ColumnProblem[] {
  const reasons = new Map<string, string[]>();
  const add = (metric: string, ...keys: readonly string[]): boolean => {
    const reason = keys.flatMap((key) => rest.get(key) ?? [])[0];
    for (const key of keys) rest.delete(key);
    if (reason === undefined) return false;
    const names = reasons.get(reason) ?? [];
    if (!names.includes(metric)) reasons.set(reason, [...names, metric]);
    return true;
  };
  let measured = 0;
  for (const ingredient of INGREDIENTS) {
    const keys = [keyOf(column, ingredient), differenceKey(column, ingredient), multipleKey(column, ingredient)];
    if (!add(SHOWN[ingredient] ?? ingredient, ...keys) && asked.has(keyOf(column, ingredient))) measured += 1;
  }
  for (const metric of ['interQuartileRange', 'nonParametricSkew', 'histogram'])
    add(metric, `${metric} of ${column.catalogName}`);
  for (const [key] of rest) if (isBin(key, column)) add('histogram', key);
  add('cardinalityDistribution', categoriesKey(column));
  return reasons.size === 0 ? [] : [{ column, reasons, isAll: measured === 0 }];
}

/** As the metric is called that it is, or that needs it first. */
const SHOWN: Partial<Record<Ingredient, string>> = {
  ...{ values: 'valuesCount', finite: 'count of finite values', distinct: 'distinctCount', unique: 'uniqueCount' },
  ...{ q1: 'firstQuartile', q3: 'thirdQuartile' },
};

function isBin(key: string, { column }: ColumnPlan): boolean {
  return /^bin \d+ /.test(key) && key.replace(/^bin \d+ /, '') === column.name;
}

function lineOf(columns: readonly ColumnProblem[]): string {
  const [{ column, reasons, isAll }] = columns as readonly [ColumnProblem, ...ColumnProblem[]];
  const names = named(columns.map((each) => each.column.catalogName));
  const [are, have] = columns.length === 1 ? ['column', 'has'] : ['columns', 'have'];
  const [only] = reasons.keys();
  const example =
    columns.length > 1 && [...reasons.keys()].some((reason) => wordsOf(reason).includes(column.column.name));
  const of = example ? '; of the others alike' : '';
  if (isAll && reasons.size === 1 && only !== undefined) return `${are} ${names} ${have} no values: ${only}${of}`;
  const parts = [...reasons].map(([reason, metrics]) => `no ${metrics.join(', ')}: ${reason}`);
  return `${are} ${names} ${have} ${parts.join('; ')}${of}`;
}

/** Equal for columns whose reasons differ by their names alone. */
function withoutName({ column, reasons, isAll }: ColumnProblem): string {
  const masked = (reason: string): string[] => wordsOf(reason).map((word) => (word === column.column.name ? '' : word));
  return JSON.stringify([isAll, [...reasons].map(([reason, metrics]) => [masked(reason), metrics])]);
}

/** With what stands between them. */
function wordsOf(text: string): string[] {
  return text.split(/([\p{L}\p{N}_$]+)/u);
}
