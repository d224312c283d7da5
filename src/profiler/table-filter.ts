import {
  afterwards,
  compileServerPattern,
  excludedReason,
  notIncludedReason,
  PatternList,
  SpentTime,
  type Awaitable,
  type FilterPattern,
} from '../filters/index.js';

/** Names that patterns let in, as OpenMetadata's server filters for the profiler. */
export interface ServerFilter {
  /** Why none of the names is in; undefined when one is. Includes win: excludes only count if there are none. */
  reason(names: readonly string[]): Awaitable<string | undefined>;
}

/** Unlike those of metadata, patterns are found anywhere in a name; case is ignored. */
export function serverFilter(key: string, pattern: FilterPattern | undefined): ServerFilter {
  const listOf = (texts: readonly string[] = []): PatternList => {
    const spent = new SpentTime();
    return new PatternList(texts.map((text) => compileServerPattern(text, spent)));
  };
  const included = listOf(pattern?.includes);
  const excluded = listOf(pattern?.excludes);
  return {
    reason: (names) =>
      included.length > 0
        ? afterwards(included.fitting(names), (index) => (index === -1 ? notIncludedReason(key) : undefined))
        : afterwards(excluded.fitting(names), (index) =>
            index === -1 ? undefined : excludedReason(key, pattern?.excludes?.[index] ?? '')
          ),
  };
}
