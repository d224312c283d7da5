import type { Measuring } from '../measures/index.js';
import type { ColumnProfile } from '../openmetadata/index.js';
import type { Cell, MeasureDialect, MeasureValue } from '../sources/index.js';
import { cardinalityDistribution, MOST_CATEGORIES } from './cardinality.js';
import { keyOf, numberOf } from './profile-asks.js';
import { WAITS_ITS_TURN } from './refused-before.js';
import { byHalves } from './take-by-halves.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;
type Top = readonly (readonly [value: string, count: number])[];

export interface CategoriesTaking {
  readonly dialect: MeasureDialect;
  readonly measuring: Pick<Measuring, 'rows'>;
  /** Keys that were refused before, those first whose turn it is. */
  readonly suspects?: ReadonlySet<string>;
}

/** What a column's categories are called where refusals are kept by key. */
export function categoriesKey({ column }: ColumnPlan): string {
  return `categories ${column.name}`;
}

/**
 * The most frequent values of all columns that have them asked for, in as few statements as the engine allows. A column
 * that the engine refuses has none; the next runs ask for one such column each, in a statement of its own.
 * @param problems gets the reasons, by key
 */
export async function takeCategories(
  plan: TablePlan,
  values: Values,
  { dialect, measuring, suspects = new Set() }: CategoriesTaking,
  problems: Map<string, string>
): Promise<Map<ColumnPlan, Pick<ColumnProfile, 'cardinalityDistribution'>>> {
  const wanted = plan.columns.filter(({ metrics }) => metrics.includes('cardinalityDistribution'));
  const counted = (column: ColumnPlan, ingredient: 'values' | 'distinct'): number =>
    numberOf(values.get(keyOf(column, ingredient)));
  const open = wanted.filter((column) => {
    const total = counted(column, 'values');
    return total > 0 && total !== counted(column, 'distinct');
  });
  const refused = new Map(open.map((column) => [categoriesKey(column), column]));
  const [turn, ...waiting] = [...suspects].flatMap((key) => refused.get(key) ?? []);
  for (const column of waiting) problems.set(categoriesKey(column), WAITS_ITS_TURN);

  const asked = open.filter((column) => !suspects.has(categoriesKey(column)));
  const shares: ColumnPlan[][] = turn === undefined ? [] : [[turn]];
  for (let first = 0; first < asked.length; first += dialect.mostSelects)
    shares.push(asked.slice(first, first + dialect.mostSelects));
  const tops = new Map<ColumnPlan, Top>();
  for (const share of shares) {
    const answers = await byHalves(
      share,
      async (some) => ({ some, rows: await measuring.rows(topValuesOf(some, plan, dialect)) }),
      (column, reason) => void problems.set(categoriesKey(column), reason)
    );
    for (const { some, rows } of answers) some.forEach((column, at) => void tops.set(column, topOf(rows, at)));
  }
  const found = new Map<ColumnPlan, Pick<ColumnProfile, 'cardinalityDistribution'>>();
  for (const column of wanted) {
    if (problems.has(categoriesKey(column))) continue;
    const distribution = cardinalityDistribution(
      tops.get(column) ?? [],
      counted(column, 'values'),
      counted(column, 'distinct')
    );
    if (distribution !== undefined) found.set(column, { cardinalityDistribution: distribution });
  }
  return found;
}

function topValuesOf(columns: readonly ColumnPlan[], { rows }: TablePlan, dialect: MeasureDialect): string {
  return columns
    .map(({ column }, index) =>
      dialect.topValuesSelect({ index, column, limit: MOST_CATEGORIES }, dialect.from(rows, [column]))
    )
    .join('\nUNION ALL\n');
}

/** NULL is no category. */
function topOf(rows: readonly (readonly Cell[])[], at: number): Top {
  return rows
    .flatMap(([index, value, count]) => {
      if (Number(index) !== at || value === null || value === undefined) return [];
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
      return [[text, Number(count)] as const];
    })
    .sort((left, right) => right[1] - left[1]);
}
