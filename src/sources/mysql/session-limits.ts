import type { ServerVersion } from './server-version.js';

/**
 * Statements that cap a fresh session: read-only, bounded in time, and free of server-wide settings that would change what is read
 * (ANSI_QUOTES in quoted texts, a sql_select_limit that cuts listings short without a word).
 */
export function sessionLimits(version: ServerVersion, statementTimeoutMs: number): readonly string[] {
  const timeLimit =
    version.flavour === 'MariaDB'
      ? `max_statement_time = ${statementTimeoutMs / 1000}`
      : `max_execution_time = ${statementTimeoutMs}`;
  const settings = [
    "sql_mode = ''",
    'sql_select_limit = 18446744073709551615',
    'sql_big_selects = 1',
    "time_zone = '+00:00'",
    timeLimit,
    // Seconds. An ALTER TABLE must not hold up a run for the default of a day (MariaDB) or a year (MySQL).
    'lock_wait_timeout = 60',
    // Rows wait in the server while a chunk is written on this side.
    'net_write_timeout = 600',
    'wait_timeout = 28800',
  ];
  return [`SET ${settings.map((each) => `SESSION ${each}`).join(', ')}`, 'SET SESSION TRANSACTION READ ONLY'];
}
