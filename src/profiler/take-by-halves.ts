import { AuthenticationError, PermanentError } from '../errors/index.js';
import type { Ask } from '../measures/index.js';
import type { MeasureValue, RowSet } from '../sources/index.js';

/** How what several columns share one query for is measured. */
export interface Taking<T> {
  readonly asked: (some: readonly T[]) => readonly Ask[];
  readonly rows: (some: readonly T[]) => RowSet;
  readonly take: (asks: readonly Ask[], rows: RowSet) => Promise<ReadonlyMap<string, MeasureValue>>;
  /** A column that the engine refuses in such a query, and why. */
  readonly refuse: (one: T, reason: string) => void;
}

/** Measures what several columns share one query for, without those that the engine refuses. */
export async function takeByHalves<T>(
  columns: readonly T[],
  { asked, rows, take, refuse }: Taking<T>
): Promise<ReadonlyMap<string, MeasureValue>> {
  const parts = await byHalves(columns, async (some) => take(asked(some), rows(some)), refuse);
  return new Map(parts.flatMap((part) => [...part]));
}

/**
 * A column that the engine refuses in a query of several takes no other with it: the query is made for halves.
 * @returns what was answered, in the columns' order
 */
export async function byHalves<T, Answer>(
  columns: readonly T[],
  ask: (some: readonly T[]) => Promise<Answer>,
  refuse: (one: T, reason: string) => void
): Promise<Answer[]> {
  const [first] = columns;
  if (first === undefined) return [];
  try {
    return [await ask(columns)];
  } catch (error) {
    if (!(error instanceof PermanentError) || error instanceof AuthenticationError) throw error;
    if (columns.length === 1) {
      refuse(first, error.message);
      return [];
    }
    const middle = Math.ceil(columns.length / 2);
    const half = await byHalves(columns.slice(0, middle), ask, refuse);
    return [...half, ...(await byHalves(columns.slice(middle), ask, refuse))];
  }
}
