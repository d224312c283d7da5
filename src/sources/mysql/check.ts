import { IngestionError } from '../../errors/index.js';
import type { CheckResult, MetadataOptions, SourceContext } from '../source.js';
import { checkPrivileges, checkRoutines, inactiveRoles, onSchema, ON_EVERYTHING } from './check-grants.js';
import type { MysqlConnectionConfig } from './config.js';
import { quoteAccount, readGrants, type Grants } from './grants.js';
import { schemas } from './queries.js';
import { isSupported, OLDEST_SUPPORTED, type ServerVersion } from './server-version.js';
import { MysqlSession } from './session.js';
import { mysqlSettings } from './settings.js';

/** Schemas every server has; rights on them are the administrator's business. */
const SYSTEM_SCHEMAS = new Set(['information_schema', 'performance_schema', 'mysql', 'sys']);

/**
 * What a run needs, a line each: the connection, schemas, the server's version, TLS, then for each schema SELECT and SHOW VIEW, and the bodies of
 * routines. A missing right comes with the GRANT that mends it. The server's own schemas are passed over.
 */
export async function* checkMysql(
  config: MysqlConnectionConfig,
  context: SourceContext,
  options: MetadataOptions
): AsyncGenerator<CheckResult> {
  let session: MysqlSession;
  let place: string;
  try {
    const settings = await mysqlSettings(config);
    place = settings.place;
    session = await MysqlSession.open(settings, context);
  } catch (error) {
    if (!(error instanceof IngestionError)) throw error;
    yield failedConnection(error);
    return;
  }
  try {
    const message = `connected to ${place} as ${config.username}`;
    yield { name: 'connection', passed: true, mandatory: true, message };
    const grants = await readGrants(session);
    const visible = (await session.query(schemas(false))).map((row) => row.name);
    const wanted = wantedSchemas(config, visible);
    yield checkSchemas(config, grants, wanted, visible);
    yield checkVersion(session.version);
    yield checkTls(session);
    if (wanted.length > 0) {
      yield* checkPrivileges(grants, wanted, 'SELECT', 'tables and columns are missing');
      if (options.includeViews) yield* checkPrivileges(grants, wanted, 'SHOW VIEW', 'views arrive without their text');
      if (options.includeStoredProcedures) yield* checkRoutines(session.version, grants, wanted);
    }
    const roles = inactiveRoles(session.version, grants);
    if (roles !== undefined) yield roles;
  } finally {
    await session.close();
  }
}

function failedConnection(error: IngestionError): CheckResult {
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy };
  return { name: 'connection', passed: false, mandatory: true, message: error.message, error, ...remedy };
}

/** The schemas that a run would read: the one of the recipe, else all that aren't the server's own. */
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
  const names = wanted.slice(0, 5).join(', ');
  const more = wanted.length > 5 ? ` and ${wanted.length - 5} more` : '';
  return { ...base, passed: true, message: `${names}${more}` };
}

function checkVersion(version: ServerVersion): CheckResult {
  const base = { name: 'server version', mandatory: false } as const;
  const name = `${version.flavour} ${version.text}`;
  if (isSupported(version)) return { ...base, passed: true, message: name };
  const oldest = `${version.flavour} ${OLDEST_SUPPORTED[version.flavour]}`;
  return {
    ...base,
    passed: false,
    message: `${name} is older than ${oldest}, the oldest that is supported`,
    remedy: 'Upgrade the server.',
  };
}

function checkTls(session: MysqlSession): CheckResult {
  const protocol = session.tlsProtocol;
  const message = protocol === undefined ? 'not used: the recipe has no sslConfig' : `on (${protocol})`;
  return { name: 'TLS', passed: true, mandatory: false, message };
}
