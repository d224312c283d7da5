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

/** A column that the engine refuses in a query of several takes no other with it: the query is made for halves. */
export async function takeByHalves<T>(
  columns: readonly T[],
  taking: Taking<T>
): Promise<ReadonlyMap<string, MeasureValue>> {
  const [first] = columns;
  if (first === undefined) return new Map<string, MeasureValue>();
  try {
    return await taking.take(taking.asked(columns), taking.rows(columns));
  } catch (error) {
    if (!(error instanceof PermanentError) || error instanceof AuthenticationError) throw error;
    if (columns.length === 1) {
      taking.refuse(first, error.message);
      return new Map<string, MeasureValue>();
    }
    const middle = Math.ceil(columns.length / 2);
    const half = await takeByHalves(columns.slice(0, middle), taking);
    return new Map([...half, ...(await takeByHalves(columns.slice(middle), taking))]);
  }
}
