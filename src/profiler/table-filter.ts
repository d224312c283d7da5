import { compileServerPattern, type FilterPattern, type NamePattern } from '../filters/index.js';

/** Names that patterns let in, as OpenMetadata's server filters for the profiler. */
export interface ServerFilter {
  readonly key: string;
  /** True when the name is in. Includes win: excludes count only where there are none. */
  isIn(names: readonly string[]): boolean;
}

/** Unlike those of metadata, patterns are found anywhere in a name; case is ignored. */
export function serverFilter(key: string, pattern: FilterPattern | undefined): ServerFilter {
  const included = (pattern?.includes ?? []).map(compileServerPattern);
  const excluded = (pattern?.excludes ?? []).map(compileServerPattern);
  const matches = (regexes: readonly NamePattern[], names: readonly string[]): boolean =>
    regexes.some((regex) => names.some((name) => regex.test(name)));
  return {
    key,
    isIn: (names) => (included.length > 0 ? matches(included, names) : !matches(excluded, names)),
  };
}
