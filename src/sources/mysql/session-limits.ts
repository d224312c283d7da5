import { isAtLeast, type ServerVersion } from './server-version.js';

/**
 * The statement that caps a fresh session: read-only, bounded in time, and free of server-wide settings that would
 * change what is read (ANSI_QUOTES, a sql_select_limit that silently cuts listings short).
 */
export function sessionLimits(
  version: ServerVersion,
  statementTimeoutMs: number,
  timeZone: 'utc' | 'server' = 'utc'
): string {
  const timeLimit =
    version.flavour === 'MariaDB'
      ? `max_statement_time = ${statementTimeoutMs / 1000}`
      : `max_execution_time = ${statementTimeoutMs}`;
  const settings = [
    `${readOnlyName(version)} = 1`,
    "sql_mode = ''",
    'sql_select_limit = 18446744073709551615',
    'sql_big_selects = 1',
    timeZone === 'utc' ? "time_zone = '+00:00'" : 'time_zone = @@GLOBAL.time_zone',
    timeLimit,
    // Seconds. An ALTER TABLE must not hold up a run for the default of a day (MariaDB) or a year (MySQL).
    'lock_wait_timeout = 60',
    // rows wait in the server while a chunk is written here
    'net_write_timeout = 600',
    'wait_timeout = 28800',
  ];
  return `SET ${settings.map((each) => `SESSION ${each}`).join(', ')}`;
}

/** Both renamed the variable at some time; MySQL 8 no longer has the old name. */
function readOnlyName(version: ServerVersion): string {
  const renamed = version.flavour === 'MariaDB' ? isAtLeast(version, 11, 1, 1) : isAtLeast(version, 5, 7, 20);
  return renamed ? 'transaction_read_only' : 'tx_read_only';
}
