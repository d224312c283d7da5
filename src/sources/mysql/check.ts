import { checkTls, firstNames } from '../common/check-connected.js';
import type { QueryLogOptions } from '../query-log.js';
import type { CheckOptions, CheckResult, Selection, SourceContext } from '../source.js';
import { checkBodyRights } from './check-body-rights.js';
import { checkPrivileges, checkRoutines, inactiveRoles, onSchema, ON_EVERYTHING } from './check-grants.js';
import { checkHourlyLimits } from './check-hourly.js';
import { checkMode } from './check-mode.js';
import { checkConnections, checkInSession, checkServerVersion } from './check-session.js';
import type { MysqlConnectionConfig } from './config.js';
import { quoteAccount, readGrants, type Grants } from './grants.js';
import { schemas } from './queries.js';
import { databaseOf } from './metadata.js';
import { logFindings } from './query-log-check.js';
import { logTable } from './query-log-statements.js';

/** Schemas every server has; rights on them are the administrator's business. */
const SYSTEM_SCHEMAS = new Set(['information_schema', 'performance_schema', 'mysql', 'sys']);

/**
 * What a run needs, one line each: the connection, schemas, the server's version, TLS, then for each schema SELECT and
 * SHOW VIEW, and the bodies of routines. A missing right comes with the GRANT that fixes it. The server's own schemas
 * are skipped.
 */
export function checkMysql(
  config: MysqlConnectionConfig,
  context: SourceContext,
  options: CheckOptions,
  selection?: Selection
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, async function* (session) {
    const grants = await readGrants(session);
    const visible = (await session.query(schemas(false))).map((row) => row.name);
    const wanted = wantedSchemas(config, visible);
    const selected: string[] = [];
    for (const name of wanted)
      if ((await selection?.schema(databaseOf(config), name)) === undefined) selected.push(name);
    yield checkSchemas(config, grants, wanted, visible);
    yield checkServerVersion(session.version);
    yield checkTls(session);
    const connections = checkConnections(session, options);
    if (connections !== undefined) yield connections;
    const mode = checkMode(session.serverMode, options);
    if (mode !== undefined) yield mode;
    const hourly = await checkHourlyLimits(session, grants);
    if (hourly !== undefined) yield hourly;
    if (selected.length > 0) {
      yield* checkPrivileges(grants, selected, 'SELECT', 'tables and columns are missing');
      if (options.includeViews)
        yield* checkPrivileges(grants, selected, 'SHOW VIEW', 'views arrive without their text');
      if (options.includeStoredProcedures) yield* checkRoutines(session.version, grants, selected);
    }
    const roles = inactiveRoles(session.version, grants);
    if (roles !== undefined) yield roles;
  });
}

/**
 * What a run needs from the query log, one line each: the connection, the server's version, TLS, the log's table, the
 * recipe's condition, that the server writes the log, and which stored bodies behind it are seen. Rights on schemas
 * aren't needed: views come from OpenMetadata.
 */
export function checkMysqlQueryLog(
  config: MysqlConnectionConfig,
  context: SourceContext,
  options: Pick<QueryLogOptions, 'filterCondition'>
): AsyncIterable<CheckResult> {
  return checkInSession(config, context, async function* (session) {
    yield checkServerVersion(session.version);
    yield checkTls(session);
    const log = logTable(config);
    yield* logFindings(session, log, options);
    const grants = await readGrants(session);
    yield* checkBodyRights(session, log, grants);
    const hourly = await checkHourlyLimits(session, grants);
    if (hourly !== undefined) yield hourly;
    const roles = inactiveRoles(session.version, grants);
    if (roles !== undefined) yield roles;
  });
}

/** The schemas that a run would read: the recipe's, else all except the server's own. */
function wantedSchemas(config: MysqlConnectionConfig, visible: readonly string[]): readonly string[] {
  if (config.databaseSchema !== undefined && config.databaseSchema !== '') return [config.databaseSchema];
  return visible.filter((name) => !SYSTEM_SCHEMAS.has(name.toLowerCase()));
}

function checkSchemas(
  config: MysqlConnectionConfig,
  grants: Grants,
  wanted: readonly string[],
  visible: readonly string[]
): CheckResult {
  const base = { name: 'schemas', mandatory: true } as const;
  const isVisible = (name: string): boolean => visible.some((each) => each.toLowerCase() === name.toLowerCase());
  const hidden = wanted.find((name) => !isVisible(name));
  const level = config.databaseSchema === undefined ? ON_EVERYTHING : onSchema(config.databaseSchema);
  const remedy = `GRANT SELECT, SHOW VIEW ON ${level} TO ${quoteAccount(grants.account)};`;
  if (hidden !== undefined) {
    return {
      ...base,
      passed: false,
      message: `schema ${hidden} is not there, or this user has no right on it`,
      remedy,
    };
  }
  if (wanted.length === 0) {
    return { ...base, passed: false, message: "this user sees no schema but the server's own", remedy };
  }
  return { ...base, passed: true, message: firstNames(wanted) };
}
