import type { ConnectionOptions } from 'mysql2';
import { PermanentError } from '../../errors/index.js';
import { Secret } from '../../secrets/index.js';
import type { CloudSqlPlaces } from '../common/cloud-sql.js';
import { usesToken } from '../common/login-way.js';
import { DEFAULT_STATEMENT_TIMEOUT_MS, serverLogin, type ServerLogin } from '../common/server-login.js';
import type { SessionSettings } from '../common/sql-session.js';
import { tlsMaterial, tlsSettings, type TlsSettings } from '../common/tls-options.js';
import type { MysqlConnectionConfig } from './config.js';
import { withoutServerKey } from './key-exchange.js';
import { readDriverArguments, type DriverArguments } from './driver-arguments.js';

/** Everything needed to open connections, made once from a recipe's config with resolved secrets. */
export interface MysqlSettings extends SessionSettings {
  readonly user: string;
  readonly tls: TlsSettings | undefined;
  readonly initCommand: string | undefined;
  /**
   * Zone of the session, `utc` by default. Log tables have times without a zone, as the server writes them: they are
   * read in the server's own.
   */
  readonly timeZone?: 'utc' | 'server';
  /** Options of the driver for a new connection; made again each time, since a token may have expired. */
  readonly driverOptions: () => Promise<ConnectionOptions>;
}

/** On MySQL an IAM user's name is the part of the account before the @. */
const LOGIN = { port: 3306, iamUser: (account: string): string => account.split('@')[0] ?? account };

/** @throws PermanentError for arguments, certificates and log-in methods that can't be used. */
export async function mysqlSettings(config: MysqlConnectionConfig, google?: CloudSqlPlaces): Promise<MysqlSettings> {
  const given = readDriverArguments(config.connectionOptions, config.connectionArguments);
  const way = serverLogin(config, given, LOGIN, google);
  const { host, port, user, isInstance } = way;
  const material = { ...tlsMaterial(config.sslConfig), ...given.tls };
  // tokens are only sent over TLS
  const tls = isInstance
    ? undefined
    : tlsSettings(host, usesToken(config.authType) ? { enabled: true, ...material } : material);
  const login = loginOf(way, config.authType?.password, tls);
  // inside the connection to a Cloud SQL instance the server's key comes from the instance
  const trustsKey = tls !== undefined || isInstance || given.trustServerKey === true;
  return {
    place: given.socketPath ?? config.hostPort,
    user,
    tls,
    whyPlain:
      given.tls?.enabled === false
        ? 'connectionOptions or connectionArguments switch it off'
        : 'the recipe has no sslConfig',
    statementTimeoutMs: given.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS,
    initCommand: given.initCommand,
    driverOptions: async () => ({
      ...(given.socketPath === undefined ? { host, port } : { socketPath: given.socketPath }),
      user,
      ...(trustsKey ? {} : withoutServerKey(given.socketPath ?? config.hostPort)),
      ...(await login()),
      ...networkOptions(given, way),
      ...(tls === undefined ? {} : { ssl: tls.options }),
      // dates as text and no guessing of types: rows are checked by their own models
      dateStrings: true,
      supportBigNumbers: true,
      // nothing is prepared here, and the driver reserves room for it at once: half a megabyte per connection by
      // default
      maxPreparedStatements: 1,
      flags: ['-LOCAL_FILES', '-MULTI_STATEMENTS'],
    }),
  };
}

function networkOptions(given: DriverArguments, { connectTimeoutMs }: ServerLogin): ConnectionOptions {
  return {
    charset: given.charset ?? 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    enableKeepAlive: true,
    ...(given.localAddress === undefined ? {} : { localAddress: given.localAddress }),
    ...(given.compress === undefined ? {} : { compress: given.compress }),
    connectAttributes: { program_name: given.programName ?? 'openmetadata-temporal-ingestion' },
  };
}

/** How to log in: a password, or a token of AWS, Azure or Google for each connection. */
function loginOf(
  { token, socket }: ServerLogin,
  secret: string | undefined,
  tls: TlsSettings | undefined
): () => Promise<ConnectionOptions> {
  const password = secret === undefined ? {} : { password: secret };
  if (socket === undefined) return token === undefined ? async () => password : overTls(token, tls);
  return async () => ({ ...(token === undefined ? password : await asPassword(token)), stream: await socket() });
}

function overTls(tokens: () => Promise<string>, tls: TlsSettings | undefined): () => Promise<ConnectionOptions> {
  if (tls === undefined) throw new PermanentError('Tokens need TLS, but connectionArguments switch it off.');
  return () => asPassword(tokens);
}

/** The server asks for the token in plain text inside TLS. */
async function asPassword(tokens: () => Promise<string>): Promise<ConnectionOptions> {
  const token = new Secret(await tokens()).reveal();
  return { password: token, authPlugins: { mysql_clear_password: () => () => Buffer.from(`${token}\0`) } };
}
