import { named } from './named.js';

/** A line for the report about the tables of a run whose sample took no row; undefined if there is none. */
export function emptySamples(tables: readonly string[]): string | undefined {
  if (tables.length === 0) return undefined;
  return `The sample took no row of ${named(tables)}: counts of their columns are 0, and other metrics have no value. Raise profileSample, sample by BERNOULLI instead of SYSTEM, or measure small tables whole.`;
}
