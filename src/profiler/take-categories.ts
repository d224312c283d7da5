import { probeSql, type Measuring } from '../measures/index.js';
import type { CardinalityDistribution, ColumnProfile } from '../openmetadata/index.js';
import type { Cell, MeasureDialect, MeasureValue } from '../sources/index.js';
import { cardinalityDistribution, MOST_CATEGORIES, MOST_CHARACTERS } from './cardinality.js';
import { keyOf, numberOf } from './profile-asks.js';
import { WAITS_ITS_TURN } from './refused-before.js';
import { byHalves } from './take-by-halves.js';
import type { ColumnPlan, TablePlan } from './table-plan.js';

type Values = ReadonlyMap<string, MeasureValue>;

/** The most frequent values, and how many there are in the same rows; NaN where the statement does not tell. */
interface Top {
  readonly values: readonly (readonly [value: string, count: number])[];
  readonly total: number;
  readonly distinct: number;
}

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
  const counted = (column: ColumnPlan, ingredient: 'values' | 'distinct' | 'unique'): number =>
    numberOf(values.get(keyOf(column, ingredient)));
  const hasUniqueValues = (column: ColumnPlan): boolean => {
    const [distinct, unique] = [counted(column, 'distinct'), counted(column, 'unique')];
    // these two are of one statement; an estimate proves nothing
    if (!Number.isNaN(unique)) return distinct === unique;
    return !plan.approximateDistinct && distinct === counted(column, 'values');
  };
  const open = wanted.filter((column) => counted(column, 'values') > 0 && !hasUniqueValues(column));
  const refused = new Map(open.map((column) => [categoriesKey(column), column]));
  const [turn, ...waiting] = [...suspects].flatMap((key) => refused.get(key) ?? []);
  for (const column of waiting) problems.set(categoriesKey(column), WAITS_ITS_TURN);

  const asked = open.filter((column) => !suspects.has(categoriesKey(column)));
  const shares: ColumnPlan[][] = turn === undefined ? [] : [[turn]];
  const probe = (): Promise<unknown> => measuring.rows(probeSql(dialect, plan.rows));
  for (let first = 0; first < asked.length; first += dialect.mostSelects)
    shares.push(asked.slice(first, first + dialect.mostSelects));
  const tops = new Map<ColumnPlan, Top>();
  for (const share of shares) {
    const answers = await byHalves(
      share,
      async (some) => ({ some, rows: await measuring.rows(topValuesOf(some, plan, dialect)) }),
      {
        refuse: (column, reason) => void problems.set(categoriesKey(column), reason),
        // what was refused before is likely to be
        probe: share[0] === turn ? async () => undefined : probe,
      }
    );
    for (const { some, rows } of answers) some.forEach((column, at) => void tops.set(column, topOf(rows, at)));
  }
  const found = new Map<ColumnPlan, Pick<ColumnProfile, 'cardinalityDistribution'>>();
  for (const column of wanted) {
    if (problems.has(categoriesKey(column))) continue;
    const distribution = distributionOf(tops.get(column), counted(column, 'values'), hasUniqueValues(column));
    if (distribution !== undefined) found.set(column, { cardinalityDistribution: distribution });
  }
  return found;
}

function topValuesOf(columns: readonly ColumnPlan[], { rows }: TablePlan, dialect: MeasureDialect): string {
  return columns
    .map(({ column }, index) =>
      dialect.topValuesSelect(
        { index, column, limit: MOST_CATEGORIES, characters: MOST_CHARACTERS + 1 },
        dialect.from(rows, [column])
      )
    )
    .join('\nUNION ALL\n');
}

function distributionOf(top: Top | undefined, values: number, areUnique: boolean): CardinalityDistribution | undefined {
  if (top === undefined) return areUnique && values > 0 ? { allValuesUnique: true } : undefined;
  const total = Number.isNaN(top.total) ? values : top.total;
  return cardinalityDistribution(top.values, total, top.distinct);
}

/** NULL is no category. */
function topOf(rows: readonly (readonly Cell[])[], at: number): Top {
  const own = rows.find(([index]) => Number(index) === at);
  const told = (cell: Cell | undefined): number => (cell === null || cell === undefined ? NaN : Number(cell));
  const values = rows
    .flatMap(([index, value, count]) => {
      if (Number(index) !== at || value === null || value === undefined) return [];
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value);
      return [[text, Number(count)] as const];
    })
    .sort((left, right) => right[1] - left[1]);
  return { values, total: told(own?.[3]), distinct: told(own?.[4]) };
}
