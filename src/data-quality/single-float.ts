import { singleOf } from '../sources/index.js';

/** What a written number is in such a column; itself where that has no number of the size. */
export function asSingle(written: number): number {
  return singleOf(written) ?? written;
}
