import type { Ask } from '../measures/index.js';
import type { MeasureDialect } from '../sources/index.js';
import { freeAsks, keyOf, measureOf, profileAsks, type Ingredient } from './profile-asks.js';
import type { TablePlan } from './table-plan.js';

/** Told of measures that this run does not ask for. */
export const WAITS_ITS_TURN =
  'the source refused it before; each run asks again for what it refused of one column, in turn';

/** What is asked of a table, by what an earlier run was refused. */
export interface Asked {
  readonly first: readonly Ask[];
  /** Keys of means, sums and deviations of numbers: measured of multiples, by a statement that does not fail. */
  readonly ofMultiples: ReadonlySet<string>;
  /** Those of one column, for a statement of their own. */
  readonly again: readonly Ask[];
  /** All others: asked for with these, if these can be measured by now. */
  readonly waiting: readonly Ask[];
}

/** In the order in which they are asked for, so that a run remembers what the one before did. */
export const MULTIPLIED: readonly Ingredient[] = ['mean', 'sum', 'stddev'];

/** @param refused keys in the order in which their columns are asked for again */
export function askedOf(plan: TablePlan, dialect: MeasureDialect, refused: ReadonlySet<string> = new Set()): Asked {
  const asks = plan.tooLarge === undefined ? profileAsks(plan, dialect) : freeAsks(plan, dialect);
  const numbers = plan.tooLarge === undefined ? plan.columns.filter(({ kind }) => kind === 'number') : [];
  const keys = new Set(asks.map(({ key }) => key));
  const isMultiplied = (key: string): boolean => refused.has(key) && keys.has(key);
  const ofMultiples = new Set(
    numbers.flatMap((column) => MULTIPLIED.map((each) => keyOf(column, each)).filter(isMultiplied))
  );
  const others = asks.filter(({ key }) => refused.has(key) && !ofMultiples.has(key));
  const byKey = new Map(others.map((ask) => [ask.key, ask]));
  const inTurn = [...refused].flatMap((key) => byKey.get(key) ?? []);
  const turn = inTurn[0] === undefined ? undefined : columnOf(inTurn[0]);
  return {
    first: [
      ...asks.filter(({ key }) => !refused.has(key)),
      // the ends tell by what to multiply
      ...numbers
        .filter((column) => MULTIPLIED.some((each) => ofMultiples.has(keyOf(column, each))))
        .flatMap((column) =>
          (['min', 'max'] as const)
            .filter((each) => !keys.has(keyOf(column, each)))
            .map((each) => ({ key: keyOf(column, each), measure: measureOf(each, column, plan, dialect) }))
        ),
    ],
    ofMultiples,
    again: inTurn.filter((ask) => columnOf(ask) === turn),
    waiting: inTurn.filter((ask) => columnOf(ask) !== turn),
  };
}

function columnOf({ measure }: Ask): string {
  return 'column' in measure ? measure.column.name : '';
}
