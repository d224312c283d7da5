import type { Failure } from '../contract/part-report.js';

export interface Cause {
  /** The first message with it. */
  readonly error: string;
  readonly count: number;
}

/** Failures by their message without names and numbers; those with most failures first. */
export function causesOf(failures: readonly Failure[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const { entity, error } of failures) {
    const key = error
      .replaceAll(entity, 'N')
      .replaceAll(/(["'`])[^"'`]*\1/g, 'N')
      .replaceAll(/(?<![\w$])[\w$]+(?:\.[\w$]+)+/g, 'N')
      .replaceAll(/\d+/g, '0');
    causes.set(key, { error: causes.get(key)?.error ?? error, count: (causes.get(key)?.count ?? 0) + 1 });
  }
  return [...causes.values()].sort((one, other) => other.count - one.count);
}
