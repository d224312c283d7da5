import { compileMeasures, type Ask, type Measuring } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { profileAsks } from './profile-asks.js';
import type { TablePlan } from './table-plan.js';

/**
 * What is asked of columns of which the source refused everything, as of one that may not be read: a grant changes no
 * row.
 * @param suspects keys of what was refused, those first whose turn it is
 */
export function refusedColumns(plan: TablePlan, dialect: MeasureDialect, suspects: readonly string[]): Ask[][] {
  if (plan.tooLarge !== undefined || suspects.length === 0) return [];
  const turns = new Map(suspects.map((key, turn) => [key, turn]));
  const columns = new Map<string, Ask[]>();
  for (const ask of profileAsks(plan, dialect)) {
    if (!('column' in ask.measure)) continue;
    const { name } = ask.measure.column;
    columns.set(name, [...(columns.get(name) ?? []), ask]);
  }
  const turnOf = ([first]: readonly Ask[]): number => turns.get(first?.key ?? '') ?? 0;
  return [...columns.values()]
    .filter((asks) => asks.every(({ key }) => turns.has(key)))
    .sort((left, right) => turnOf(left) - turnOf(right));
}

/**
 * Asks again for the first such column of a table that did not change, by one statement.
 * @returns what was refused, that column last; undefined when it is answered, or there is none
 */
export async function refusedAsBefore(
  plan: TablePlan,
  dialect: MeasureDialect,
  suspects: readonly string[],
  measuring: Measuring
): Promise<string[] | undefined> {
  const [turn] = refusedColumns(plan, dialect, suspects);
  if (turn === undefined) return undefined;
  const { statements } = compileMeasures(dialect, plan.rows, turn);
  const { problems } = await measuring.takeWhole({ statements: statements.slice(0, 1), unsupported: new Map() });
  if (problems.size === 0) return undefined;
  const tried = new Set(turn.map(({ key }) => key));
  return [...suspects.filter((key) => !tried.has(key)), ...suspects.filter((key) => tried.has(key))];
}
