import { beginning } from '../errors/index.js';
import { afterwards, type Awaitable } from './awaitable.js';
import type { FilterPattern } from './filter-pattern.js';
import { PatternList } from './pattern-list.js';
import { compilePattern } from './python-pattern.js';
import { SpentTime } from './slow-regex.js';

/** A filter pattern, compiled once. Answers only come later if a pattern has back-references. */
export interface NameFilter {
  /**
   * Why the name is left out, or undefined when it is in. Excludes win; with includes, a name that matches none of them
   * is out.
   */
  reason(name: string): Awaitable<string | undefined>;
  /** True only when an exclude matches. */
  excludes(name: string): Awaitable<boolean>;
}

/** @param key the recipe's key, used in the reason: `tableFilterPattern` */
export function nameFilter(key: string, pattern: FilterPattern | undefined): NameFilter {
  const spent = new SpentTime();
  const listOf = (texts: readonly string[] = []): PatternList =>
    new PatternList(texts.map((text) => compilePattern(text, spent)));
  const included = listOf(pattern?.includes);
  const excluded = listOf(pattern?.excludes);
  return {
    excludes: (name) => afterwards(excluded.fitting([name]), (index) => index !== -1),
    reason: (name) =>
      afterwards(excluded.fitting([name]), (index) => {
        if (index !== -1) return excludedReason(key, pattern?.excludes?.[index] ?? '');
        if (included.length === 0) return undefined;
        return afterwards(included.fitting([name]), (at) => (at === -1 ? notIncludedReason(key) : undefined));
      }),
  };
}

/** Characters of a pattern that a reason shows: it is staged with each name. */
const SHOWN = 60;

/** `filtered by tableFilterPattern.excludes: ^tmp_` */
export function excludedReason(key: string, pattern: string): string {
  return `filtered by ${key}.excludes: ${pattern.length > SHOWN ? `${beginning(pattern, SHOWN)}…` : pattern}`;
}

export function notIncludedReason(key: string): string {
  return `filtered by ${key}.includes, none of which matches`;
}
