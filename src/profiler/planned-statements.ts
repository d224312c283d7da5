import { compileMeasures, type Ask } from '../measures/index.js';
import type { MeasureDialect, TableFacts } from '../sources/index.js';
import { named } from './named.js';
import { askedOf } from './refused-before.js';
import { sampleCountSql } from './sample-by-count.js';
import { sampleDataSql } from './sample-data.js';
import { expectedMultiples } from './scale-columns.js';
import type { TablePlan } from './table-plan.js';
import { wholeCountSql } from './whole-count.js';
import { worthAsking } from './worth-asking.js';

/**
 * The statements that a profile needs if the engine refuses nothing; those for histograms and categories depend on
 * values, and are only named.
 */
export function plannedStatements(
  plan: TablePlan,
  dialect: MeasureDialect,
  suspects: ReadonlySet<string>,
  facts: TableFacts | undefined
): string[] {
  const asked = askedOf(plan, dialect, suspects);
  const { again } = asked;
  const compiled = (asks: readonly Ask[]): string[] =>
    compileMeasures(dialect, plan.rows, asks).statements.map(({ sql }) => sql);
  const counting = sampleCountSql(plan, dialect);
  const texts = [
    ...(counting === undefined ? [] : [counting]),
    ...compiled(worthAsking(asked, plan, facts)),
    ...compiled(again).slice(0, 1),
  ];
  const multiples = expectedMultiples(plan, asked, suspects);
  if (multiples.length > 0) texts.push(`-- ${named(multiples)}: of multiples, as the source refused them before`);
  const count = wholeCountSql(plan, dialect, facts);
  if (count !== undefined) texts.push(count);
  const sample = sampleDataSql(plan, dialect);
  const shown = sample === undefined ? [] : [sample];
  if (plan.tooLarge !== undefined) return [...texts, ...shown];
  const has = (metric: string): boolean => plan.columns.some(({ metrics }) => metrics.includes(metric));
  const custom = [plan, ...plan.columns].flatMap(({ customMetrics }) =>
    customMetrics.flatMap(({ sql, refused }) => (refused === undefined ? [sql] : []))
  );
  return [
    ...texts,
    ...(has('histogram') ? [`-- counts of the histograms' bins, of the bounds that the statements before give`] : []),
    ...(has('cardinalityDistribution') ? ['-- the most frequent values of the text columns'] : []),
    ...custom,
    ...shown,
  ];
}
