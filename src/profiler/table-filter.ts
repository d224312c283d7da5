import {
  compileServerPattern,
  excludedReason,
  notIncludedReason,
  type FilterPattern,
  type NamePattern,
} from '../filters/index.js';

/** Names that patterns let in, as OpenMetadata's server filters for the profiler. */
export interface ServerFilter {
  /** Why none of the names is in; undefined when one is. Includes win: excludes count only where there are none. */
  reason(names: readonly string[]): string | undefined;
}

/** Unlike those of metadata, patterns are found anywhere in a name; case is ignored. */
export function serverFilter(key: string, pattern: FilterPattern | undefined): ServerFilter {
  const included = (pattern?.includes ?? []).map(compileServerPattern);
  const excluded = (pattern?.excludes ?? []).map(compileServerPattern);
  const matching = (regexes: readonly NamePattern[], names: readonly string[]): number =>
    regexes.findIndex((regex) => names.some((name) => regex.test(name)));
  return {
    reason: (names) => {
      if (included.length > 0) return matching(included, names) === -1 ? notIncludedReason(key) : undefined;
      const index = matching(excluded, names);
      return index === -1 ? undefined : excludedReason(key, pattern?.excludes?.[index] ?? '');
    },
  };
}
