import type { CheckOptions, CheckResult } from '../source.js';

/** Modes in which a server reads the same text otherwise. */
const READ_OTHERWISE: ReadonlySet<string> = new Set([
  'ANSI_QUOTES',
  'PIPES_AS_CONCAT',
  'NO_BACKSLASH_ESCAPES',
  'HIGH_NOT_PRECEDENCE',
]);

/**
 * Users' SQL runs with no mode at all, as what it may call is found by its text.
 * @param serverMode of sessions that set none
 * @returns undefined where users' SQL means the same in both, or none is run
 */
export function checkMode(serverMode: string, { readsRows = false }: CheckOptions): CheckResult | undefined {
  const modes = serverMode.split(',').filter((mode) => READ_OTHERWISE.has(mode.toUpperCase()));
  if (!readsRows || modes.length === 0) return undefined;
  return {
    name: 'sql_mode',
    passed: false,
    mandatory: false,
    message: `the server has ${modes.join(', ')}; profileQuery, custom metrics and the SQL of tests run without any mode, and may mean something else`,
    remedy:
      'Write it for an empty sql_mode: names in backticks, texts in single quotes, CONCAT instead of ||, a backslash doubled, NOT with brackets.',
  };
}
