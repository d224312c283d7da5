import { compilePattern, type FilterPattern } from '../filters/index.js';

/** Names that patterns let in, as OpenMetadata's server filters for the profiler. */
export interface ServerFilter {
  readonly key: string;
  /** True when the name is in. Includes win: excludes count only where there are none. */
  isIn(names: readonly string[]): boolean;
}

/** Unlike those of metadata, patterns are found anywhere in a name; case is ignored. */
export function serverFilter(key: string, pattern: FilterPattern | undefined): ServerFilter {
  const included = (pattern?.includes ?? []).map(anywhere);
  const excluded = (pattern?.excludes ?? []).map(anywhere);
  const matches = (regexes: readonly RegExp[], names: readonly string[]): boolean =>
    regexes.some((regex) => names.some((name) => regex.test(name)));
  return {
    key,
    isIn: (names) => (included.length > 0 ? matches(included, names) : !matches(excluded, names)),
  };
}

function anywhere(text: string): RegExp {
  try {
    return new RegExp(text.replace(/^\(\?i\)/, ''), 'iu');
  } catch {
    // What only Python's expressions have.
    return compilePattern(text);
  }
}
