/** Letters, digits and what means the same in the regular expressions of all engines. */
const PLAIN = /^(?!.*\(\?)[\w@ .*+?|()^$-]+$/;

/**
 * Patterns over logins that a database may be given, as one expression each that is to match from the start of a name
 * on; undefined where one of them is none: it is Python's then, and only the reader can apply it.
 */
export function pushedIncludes(patterns: readonly string[]): readonly string[] | undefined {
  return patterns.length > 0 && patterns.every((pattern) => PLAIN.test(pattern)) ? patterns.map(fromStart) : undefined;
}

/** The same of patterns of which each leaves out by itself: those that a database may be given. */
export function pushedExcludes(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => PLAIN.test(pattern)).map(fromStart);
}

function fromStart(pattern: string): string {
  return `^(${pattern})`;
}
