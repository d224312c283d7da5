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
  const excludedBy = (name: string): number => excluded.findIndex((regex) => regex.test(name));
  return {
    excludes: (name) => excludedBy(name) !== -1,
    reason: (name) => {
      const index = excludedBy(name);
      if (index !== -1) return excludedReason(key, pattern?.excludes?.[index] ?? '');
      if (included.length === 0 || included.some((regex) => regex.test(name))) return undefined;
      return notIncludedReason(key);
    },
  };
}

/** Characters of a pattern that a reason shows: it is staged with each name. */
const SHOWN = 60;

/** `filtered by tableFilterPattern.excludes: ^tmp_` */
export function excludedReason(key: string, pattern: string): string {
  return `filtered by ${key}.excludes: ${pattern.length > SHOWN ? `${pattern.slice(0, SHOWN)}…` : pattern}`;
}

export function notIncludedReason(key: string): string {
  return `filtered by ${key}.includes, none of which matches`;
}
