import { singleOf } from '../sources/index.js';

/**
 * The number as somebody would write it whose column has 32 bits: 0.1 for 0.10000000149011612. Any digits behind that
 * are those of the double in between.
 */
export function asWritten(single: number): number {
  for (let digits = 6; digits <= 9; digits += 1) {
    const written = Number(single.toPrecision(digits));
    if (Math.fround(written) === single) return written;
  }
  return single;
}

/** What a written number is in such a column; itself where that has no number of the size. */
export function asSingle(written: number): number {
  return singleOf(written) ?? written;
}
