import { beginning } from '../../errors/index.js';

/** Faults that a message names. */
const MOST_FAULTS = 3;
/** Most characters of a fault: it may hold names from a source, or from a service's stored connection. */
const LONGEST_FAULT = 200;

/** What a model found wrong, in a few words: each kind of fault once, with how often it is; of the rest the number. */
export function describedFaults(all: readonly string[]): string {
  const faults = new Map<string, number>();
  for (const each of all) {
    const fault = beginning(each.trim(), LONGEST_FAULT);
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
  }
  const named = [...faults].slice(0, MOST_FAULTS);
  const shown = named.map(([fault, times]) => (times === 1 ? fault : `${fault} (${times} times)`));
  const more = all.length - named.reduce((sum, [, times]) => sum + times, 0);
  return `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more`}`;
}
