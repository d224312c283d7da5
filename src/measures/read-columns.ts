import { namesColumn } from './names-column.js';

/** What could be read of several columns. */
export interface ReadColumns<T, Answer> {
  readonly answer: Answer;
  readonly columns: readonly T[];
  /** Those that the source refuses, and why. */
  readonly refused: ReadonlyMap<T, string>;
}

/** Most statements that look for the columns: enough for two among a thousand. */
const MOST_LOOKS = 40;

export interface Looking<T> {
  /** Whether the source refuses what is read; anything else is thrown. */
  readonly isRefusal: (error: unknown) => error is Error;
  /** Fails only when the rows can't be read at all: then no column is looked for. */
  readonly probe: () => Promise<unknown>;
  /** A column's name in the source. */
  readonly nameOf: (column: T) => string;
}

/**
 * Reads columns of some rows at once; without those that the source refuses, which are found by halves, or by
 * their name where the source says that they aren't there.
 * @throws the refusal of all columns, if it is not that of some of them, or of too many
 */
export async function readColumns<T, Answer>(
  columns: readonly T[],
  read: (some: readonly T[]) => Promise<Answer>,
  looking: Looking<T>
): Promise<ReadColumns<T, Answer>> {
  const { isRefusal, probe, nameOf } = looking;
  try {
    return { answer: await read(columns), columns, refused: new Map() };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const absent = columns.length < 2 ? undefined : columns.find((column) => namesColumn(error, nameOf(column)));
    if (absent !== undefined) {
      const others = columns.filter((column) => column !== absent);
      const { refused, ...rest } = await readColumns(others, read, looking);
      return { ...rest, refused: new Map([[absent, error.message], ...refused]) };
    }
    const areRead = await probe().then(
      () => true,
      (fault: unknown) => (isRefusal(fault) ? false : Promise.reject(fault as Error))
    );
    if (!areRead) throw error;
    const refused = new Map<T, string>();
    let looks = 0;
    const find = async (some: readonly T[], reason: string): Promise<void> => {
      const [only] = some;
      if (only === undefined) return;
      if (some.length === 1) {
        refused.set(only, reason);
        return;
      }
      const middle = Math.ceil(some.length / 2);
      for (const half of [some.slice(0, middle), some.slice(middle)]) {
        looks += 1;
        if (looks > MOST_LOOKS) throw error;
        const refusal = await read(half).then(
          () => undefined,
          (fault: unknown) => (isRefusal(fault) ? fault : Promise.reject(fault as Error))
        );
        if (refusal !== undefined) await find(half, refusal.message);
      }
    };
    await find(columns, error.message);
    const rest = columns.filter((column) => !refused.has(column));
    if (refused.size === 0 || rest.length === 0) throw error;
    return { answer: await read(rest), columns: rest, refused };
  }
}
