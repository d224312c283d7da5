import { checkConnected, checkVersion } from '../common/check-connected.js';
import type { CheckOptions, CheckResult, SourceContext } from '../source.js';
import type { MysqlConnectionConfig } from './config.js';
import { isSupported, OLDEST_SUPPORTED, type ServerVersion } from './server-version.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** What `steps` find in a session, after the connection itself. */
export function checkInSession(
  config: MysqlConnectionConfig,
  context: SourceContext,
  steps: (session: MysqlSession) => AsyncIterable<CheckResult>
): AsyncIterable<CheckResult> {
  const open = async (): Promise<MysqlSession> => MysqlSession.open(await mysqlSettings(config), context);
  return checkConnected(open, config.username, steps);
}

export function checkServerVersion(version: ServerVersion): CheckResult {
  const oldest = `${version.flavour} ${OLDEST_SUPPORTED[version.flavour]}`;
  return checkVersion(`${version.flavour} ${version.text}`, isSupported(version) ? undefined : oldest);
}

/** Connections that reading a schema takes, if allowed. */
const CONNECTIONS = 4;

/** Undefined if the account has no limit that matters. */
export function checkConnections(
  session: MysqlSession,
  { readsRows = false, tablesAtOnce }: CheckOptions
): CheckResult | undefined {
  const limit = session.connectionLimit;
  const wanted = readsRows ? (tablesAtOnce?.count ?? 1) : CONNECTIONS;
  if (limit === 0 || limit >= wanted) return undefined;
  const finding = { name: 'connections', passed: false, mandatory: false };
  const what = `this account may have ${limit} at once (MAX_USER_CONNECTIONS)`;
  const allow = (connections: number): string => `ALTER USER … WITH MAX_USER_CONNECTIONS ${connections};`;
  if (!readsRows)
    return {
      ...finding,
      message: `${what}: a schema is read over one, its lists one after the other`,
      remedy: `Keep sourceConfig.config.threads at 1, or allow ${CONNECTIONS} a thread: ${allow(CONNECTIONS)}`,
    };
  const key = tablesAtOnce?.key;
  return {
    ...finding,
    message: `${what}, and ${wanted} tables are measured at once: those beyond wait and are tried again`,
    remedy: `${key === undefined ? 'Allow' : `Set ${key} to ${limit}, or allow`} one for each and one for the catalogue: ${allow(wanted + 1)}`,
  };
}
