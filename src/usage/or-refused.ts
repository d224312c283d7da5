import { PermanentError } from '../errors/index.js';

/** A part whose look the catalog refuses for good fails by itself when it is published. */
export async function orRefused<T>(looked: Promise<T>, refused: (error: PermanentError) => T): Promise<T> {
  try {
    return await looked;
  } catch (error) {
    if (error instanceof PermanentError) return refused(error);
    throw error;
  }
}
