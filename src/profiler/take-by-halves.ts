import { isRefusal } from '../errors/index.js';
import { RowsProof, type Ask } from '../measures/index.js';
import type { MeasureValue, RowSet } from '../sources/index.js';

/** How what several columns share one query for is measured. */
export interface Taking<T> {
  readonly asked: (some: readonly T[]) => readonly Ask[];
  readonly rows: (some: readonly T[]) => RowSet;
  readonly take: (asks: readonly Ask[], rows: RowSet) => Promise<ReadonlyMap<string, MeasureValue>>;
  /** A column that the engine refuses in such a query, and why. */
  readonly refuse: (one: T, reason: string) => void;
  /** Fails only when the table's rows can't be read at all. */
  readonly probe: () => Promise<unknown>;
}

/** Measures what several columns share one query for, without those that the engine refuses. */
export async function takeByHalves<T>(
  columns: readonly T[],
  { asked, rows, take, refuse, probe }: Taking<T>
): Promise<ReadonlyMap<string, MeasureValue>> {
  const parts = await byHalves(columns, async (some) => take(asked(some), rows(some)), { refuse, probe });
  return new Map(parts.flatMap((part) => [...part]));
}

/**
 * A column that the engine refuses in a query of several takes no other with it: the query is made for halves.
 * @returns what was answered, in the columns' order
 * @throws what the probe throws, when it is the rows that can't be read
 */
export async function byHalves<T, Answer>(
  columns: readonly T[],
  ask: (some: readonly T[]) => Promise<Answer>,
  { refuse, probe }: Pick<Taking<T>, 'refuse' | 'probe'>
): Promise<Answer[]> {
  const proof = new RowsProof(probe);
  const take = async (some: readonly T[]): Promise<Answer[]> => {
    const [first] = some;
    if (first === undefined) return [];
    try {
      const answer = await ask(some);
      proof.read();
      return [answer];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await proof.refused();
      if (some.length === 1) {
        refuse(first, error.message);
        return [];
      }
      const middle = Math.ceil(some.length / 2);
      const half = await take(some.slice(0, middle));
      return [...half, ...(await take(some.slice(middle)))];
    }
  };
  const answers = await take(columns);
  await proof.end();
  return answers;
}
