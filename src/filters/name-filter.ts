import type { FilterPattern } from './filter-pattern.js';
import { SpentTime } from './limited-regex.js';
import type { NamePattern } from './name-pattern.js';
import { compilePattern } from './python-pattern.js';

/** A filter pattern, compiled once. */
export interface NameFilter {
  /** Why the name is left out, or undefined when it is in. Excludes win; with includes, a name that none of them matches is out. */
  reason(name: string): string | undefined;
  /** True only when an exclude matches. */
  excludes(name: string): boolean;
}

/** @param key the recipe's key, for the reason: `tableFilterPattern` */
export function nameFilter(key: string, pattern: FilterPattern | undefined): NameFilter {
  const spent = new SpentTime();
  const compile = (text: string): NamePattern => compilePattern(text, spent);
  const included = (pattern?.includes ?? []).map(compile);
  const excluded = (pattern?.excludes ?? []).map(compile);
  const excludes = (name: string): boolean => excluded.some((regex) => regex.test(name));
  return {
    excludes,
    reason: (name) => {
      if (excludes(name)) return `filtered by ${key}.excludes`;
      if (included.length === 0 || included.some((regex) => regex.test(name))) return undefined;
      return `filtered by ${key}.includes`;
    },
  };
}
